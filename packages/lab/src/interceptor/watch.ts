/** Watches one connection for what an attacker would have got from it, and reports the outcome at its end. */
import type { Attack } from "./attack.ts";
import type { Finding, Happening, Leak, ProxyOutcome, Said } from "./event.ts";
import { outcomes } from "../verdict/outcome.ts";
import type { ChannelName } from "../verdict/transcript.ts";

export class Watch {
  readonly #attack: Attack;
  readonly #tell: (happening: Happening) => void;
  readonly #found: Finding[] = [];
  readonly #made: Set<string> = new Set();
  readonly #verbs: string[] = [];
  #responses = 0;
  #failure: string | undefined;
  #sealed = false;
  #refusal: string | undefined;
  #left: "client" | "server" | undefined;

  constructor(attack: Attack, tell: (happening: Happening) => void) {
    this.#attack = attack;
    this.#tell = tell;
  }

  opened(from: string): void {
    this.#tell({ kind: "opened", from });
  }

  said(said: Omit<Said, "kind">): void {
    this.#tell({ kind: "said", ...said });
  }

  /** Reports each move of the attack once. */
  attacked(text: string): void {
    if (this.#made.has(text)) return;
    this.#made.add(text);
    this.#tell({ kind: "attack", text });
  }

  agreed(between: "client and proxy" | "proxy and server", tls: { protocol: string; cipherSuite: string }): void {
    this.#tell({ kind: "tls", between, ...tls });
  }

  /** The server started TLS, which passes through unread. */
  passesSealed(): void {
    this.#sealed = true;
    this.#tell({ kind: "tls", between: "client and server" });
  }

  failed(text: string): void {
    this.#failure = text;
  }

  /** The client refused the proxy's certificate, or another part of its TLS. */
  refusedTls(error: unknown): void {
    this.#refusal = reasonOf(error);
  }

  /** Only the first side to close counts. */
  left(by: "client" | "server"): void {
    this.#left ??= by;
  }

  heard(verb: string): void {
    this.#verbs.push(verb === "" ? "an unknown command" : verb);
    if (verb === "AUTH") this.#responses = 0;
  }

  /** One of the client's responses in a login. A cancellation or an empty one reveals nothing. */
  response(mechanism: string, response: string, channel: ChannelName): void {
    if (["", "=", "*"].includes(response)) return;
    const what = loot(mechanism, this.#responses);
    this.#responses += 1;
    this.#find(
      "leaked-credentials",
      `${`AUTH ${mechanism}`.trimEnd()} went ${where(channel)}: an attacker would have ${what}`,
    );
  }

  envelope(verb: "MAIL" | "RCPT", channel: ChannelName): void {
    this.#find("leaked-envelope", `${verb === "MAIL" ? "the sender" : "a recipient"} went ${where(channel)}`);
  }

  message(octets: number, channel: ChannelName): void {
    if (octets > 0) this.#find("leaked-message", `the message went ${where(channel)}`);
  }

  /** The connection has ended. */
  close(): void {
    const [outcome, evidence] = this.#conclude();
    this.#tell({ kind: "closed", outcome, evidence, duty: this.#attack.duty });
  }

  /** Reports each finding once. */
  #find(outcome: Leak, evidence: string): void {
    if (this.#found.some((finding) => finding.evidence === evidence)) return;
    const finding: Finding = { kind: "finding", outcome, evidence, duty: this.#attack.duty };
    this.#found.push(finding);
    this.#tell(finding);
  }

  #conclude(): readonly [ProxyOutcome, string] {
    const worst = this.#found.toSorted((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome))[0];
    if (worst !== undefined) return [worst.outcome, worst.evidence];
    if (this.#failure !== undefined) return ["inconclusive", this.#failure];
    const made = [...this.#made].join("; ");
    if (this.#sealed)
      return [
        "sealed",
        made === ""
          ? "TLS went through, unread"
          : `${made}; TLS was still started, and what was said inside it is not seen here`,
      ];
    if (made === "") return ["inconclusive", `${this.#end()}, before there was anything to judge`];
    if (this.#refusal !== undefined) return ["held", `${made}; the client ended the handshake: ${this.#refusal}`];
    return [this.#isCut() ? "inconclusive" : "held", `${made}; ${this.#end()}`];
  }

  /** Whether the server closed by itself: after QUIT it closes at the client's request. */
  #isCut(): boolean {
    return this.#left === "server" && this.#verbs.at(-1) !== "QUIT";
  }

  /** Which side closed, and after which commands, in words. */
  #end(): string {
    const last = this.#verbs.length === 0 ? "before a command" : `after ${this.#verbs.slice(-8).join(", ")}`;
    return `the ${this.#isCut() ? "server" : "client"} closed ${last}`;
  }
}

function where(channel: ChannelName): string {
  return channel === "clear" ? "in the clear" : "in TLS that ended at the proxy";
}

/** What a mechanism's response gives away; `response` counts from 0. */
function loot(mechanism: string, response: number): string {
  switch (mechanism) {
    case "PLAIN":
      return "the password";
    case "LOGIN":
      return response === 0 ? "the user name" : "the password";
    case "XOAUTH2":
    case "OAUTHBEARER":
      return "the access token";
    case "CRAM-MD5":
    case "DIGEST-MD5":
    case "NTLM":
      return "enough to guess the password offline";
    case "EXTERNAL":
    case "ANONYMOUS":
      return "the user name";
    default:
      // SCRAM first names the user, then proves the password.
      if (mechanism.startsWith("SCRAM-") && response === 0) return "the user name";
      return "enough to guess the password offline";
  }
}

/** OpenSSL's text for an alert, without its file names. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "reason" in error && typeof error.reason === "string") return error.reason;
  return error instanceof Error ? error.message : String(error);
}
