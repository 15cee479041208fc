/** No text from outside takes more than linear time in the lab and the test server. */
import { testLinear } from "./drive.ts";

testLinear(["packages/lab/", "packages/testing/"]);
