/** The public API: a submission server for the tests of applications. */
export { type Failure, type Rule } from "./failure.ts";
export type { ArrivingMessage, CapturedEnvelope, CapturedMessage } from "./message.ts";
export { startTestServer, type TestServer, type TestServerOptions } from "./server.ts";
