/**
 * `--trace` prints the conversation, line by line, as it happens. Each line has the word clear or sealed, so that a file or
 * a terminal without colours shows it too. Secrets were removed before the events came here.
 */
import type { BodyEvent, ConnectionEvent, Observer, Seal } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import type { Output } from "../output.ts";

/** If `--trace` was given, writes the trace until it is disposed of. */
export async function traceWhere(given: Arguments<"trace">, to: Output): Promise<Disposable | undefined> {
  if (!given.has("trace")) return undefined;
  const { observe } = await import("@postseal/mailer");
  const begun = performance.now();
  const write: Write = ({ side }, mark, text) => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(3).padStart(7);
    const painted = { word: side.padEnd(6), colour: COLOURS[side] };
    to.line(`${seconds} ${side.padEnd(6)} ${mark} ${text}`, { isWrapped: false, painted });
  };
  return observe(observerOf(write));
}

type Write = (event: ConnectionEvent, mark: string, text: string) => void;

const COLOURS = { clear: "yellow", sealed: "green" } as const;
/** Marks of the speaker as in RFC 5321; two dashes for an event that nobody speaks. */
const [CLIENT, SERVER, NOBODY] = ["C:", "S:", "--"];

function observerOf(write: Write): Observer {
  return {
    "connection.opening": (event) => write(event, NOBODY, `connecting to ${placeOf(event)}`),
    "connection.opened": (event) => write(event, NOBODY, "connected"),
    "connection.sealed": (event) => write(event, NOBODY, proved(event.seal)),
    "connection.authenticated": (event) => write(event, NOBODY, `logged in by ${event.mechanism}`),
    "connection.closed": (event) =>
      write(event, NOBODY, event.error === undefined ? "closed" : `closed: ${nameOf(event.error)}`),
    "conversation.command": (event) => write(event, CLIENT, event.text),
    "conversation.body": (event) => write(event, CLIENT, bodyOf(event)),
    "conversation.reply": (event) => {
      for (const [index, line] of event.lines.entries()) {
        const separator = index < event.lines.length - 1 ? "-" : " ";
        write(event, SERVER, `${event.code}${separator}${line}`.trimEnd());
      }
    },
  };
}

function placeOf({ server: { host, port, transport } }: ConnectionEvent): string {
  return `${host} port ${port}, ${transport === "implicit" ? "TLS from the start" : "to be sealed by STARTTLS"}`;
}

function bodyOf({ framing, octets }: BodyEvent): string {
  return `${framing === "bdat" ? `BDAT ${octets} LAST ` : ""}(the message, ${octets} octets, not shown)`;
}

function proved({ protocol, cipherSuite, keyExchange, serverName, verifiedBy }: Seal): string {
  const how = verifiedBy === "pin" ? "by its pinned key" : "by chain and name";
  return `${protocol}, ${cipherSuite}, ${keyExchange}; ${serverName} verified ${how}`;
}

/** The error itself is reported when the command ends. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "interrupted";
  return "code" in error ? String(error.code) : error.message;
}
