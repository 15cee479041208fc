/** Records forged beneath TLS: without the keys nobody can add to what a sealed session says, or end it in order. */
import type { Script, Step, Vector } from "./vector.ts";

const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const silent: Step = { do: "stall" };

/** RFC 8446 section 5.1, unprotected. */
function forged(type: keyof typeof RECORD, content: string): Step {
  return {
    do: "inject",
    text: `${String.fromCharCode(RECORD[type])}\x03\x03\x00${String.fromCharCode(content.length)}${content}`,
  };
}

/** HelloRequest of TLS 1.2: four octets of zero. */
const HELLO_REQUEST = "\0\0\0\0";

export const recordVectors: readonly Vector[] = [
  {
    ...record("B9-reply", "an unprotected record with the final reply, after the message", {
      tls: { on: { final: [forged("data", "250 2.0.0 Ok: queued\r\n"), silent] } },
    }),
    expected: "unknown",
  },
  {
    ...record("B9-close-notify", "an unprotected close_notify in place of the final reply", {
      tls: { on: { final: [forged("alert", "\x01\0"), silent] } },
    }),
    sources: ["RFC 8446 section 6.1", "CVE-2014-3566"],
    expected: "unknown",
  },
  record("B9-hello-request", "an unprotected request for another handshake", {
    profile: "tls12",
    tls: { on: { EHLO: [forged("handshake", HELLO_REQUEST), silent] } },
  }),
  {
    ...record("B9-change-cipher-spec", "an unprotected change_cipher_spec in the middle of the session", {
      tls: { on: { EHLO: [forged("changeCipherSpec", "\x01"), { do: "honest" }] } },
    }),
    duty: "End the session: after the handshake no such record is due. To ignore it is safe.",
    sources: ["RFC 8446 section 5", "CVE-2014-0224"],
    expected: "either",
  },
  {
    ...record("B9-cut", "the sealed connection closed without a close_notify after EHLO", {
      tls: { on: { EHLO: [{ do: "honest" }, { do: "close" }] } },
    }),
    attack: "Cut the connection between two replies.",
    duty: "Fail: what was not said is not guessed.",
    sources: ["RFC 8446 section 6.1", "RFC 9325 section 3.6"],
    severity: "medium",
  },
];

function record(id: string, title: string, script: Script): Vector {
  return {
    id,
    title,
    attack: "Write a record of one's own between those of the sealed session.",
    duty: "End the session at the first record that does not carry the session's protection.",
    sources: ["RFC 8446 section 5.2"],
    severity: "high",
    transport: "starttls",
    script,
    expected: "held",
  };
}
