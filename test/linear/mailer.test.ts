/** No text from outside takes more than linear time in the mailer. */
import { testFound, testLinear } from "./drive.ts";

testFound();
testLinear(["packages/mailer/"]);
