/** No text from outside takes more than linear time in the command. */
import { testLinear } from "./drive.ts";

testLinear(["packages/cli/"]);
