/** Sends one message, with a deadline shorter than the time that the process is stopped, and prints its outcome. */
import { readFileSync } from "node:fs";
import { createMailer, receiptOf } from "@postseal/mailer";
import { password, toLoopback, user } from "./client.ts";
import { serverName } from "./servers/server.ts";

const [port = "", caFile = ""] = process.argv.slice(2);
const mailer = createMailer(`submission://${serverName}:${port}`, {
  tls: { ca: { only: readFileSync(caFile, "utf8") } },
  credentials: { username: user, password },
  connect: toLoopback,
  timeouts: { finalReply: 3_000, envelope: 3_000, command: 3_000 },
});
const message = { from: "alice@example.test", to: "inbox@example.test", text: "stopped" };
const receipt = await mailer.send(message).catch((error: unknown) => receiptOf(error));
process.send?.(receipt?.recipients[0]?.outcome ?? "nothing");
await mailer.close();
process.disconnect();
