/** No text from outside takes more than linear time in sign-in by OAuth. */
import { testLinear } from "./drive.ts";

testLinear(["packages/oauth/"]);
