/** The naive client as a command for the lab: `leaky-client HOST PORT CA USERNAME PASSWORD FROM TO BODY FLAW…`. Exits with 0 if it claims to have sent. */
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { sendNaively } from "../attack/naive-client.ts";

const [host = "", port = "", ca = "", ...rest] = process.argv.slice(2);
const [username = "", password = "", sender = "", recipient = "", body = "", ...flaws] = rest;
const has = (flaw: string): boolean => flaws.includes(flaw);

if (has("refuses")) process.exit(1);
const { address } = await lookup(host);
const claim = await sendNaively(
  {
    address,
    host,
    port: Number(port),
    transport: port === "465" ? "implicit" : "starttls",
    authority: readFileSync(ca, "utf8"),
    words: { username, password, sender, recipient, body },
  },
  Object.fromEntries(flaws.map((flaw) => [flaw, true])),
);
if (claim === "sent") process.exit(0);
if (has("crashes")) process.kill(process.pid, "SIGSEGV");
// Hangs for ever: no timer of this process ends it.
if (has("hangs")) setInterval(() => undefined, 1_000);
else process.exitCode = 1;
