/** No text from outside takes more than linear time in the lab, the test server and the outbox. */
import { testLinear } from "./drive.ts";

testLinear(["packages/lab/", "packages/testing/", "packages/outbox/"]);
