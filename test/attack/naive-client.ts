/** A client with a switch for each flaw, to test the fixtures and the verdicts. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { type TLSSocket, connect as connectTls } from "node:tls";
import { type Canaries, canaries, type Claim, HOST, Inlet } from "@postseal/lab";

/** Without any of these it is a careful client. */
export interface Flaws {
  /** Goes on without TLS if the server offers none. */
  readonly opportunistic?: boolean;
  /** Does not start TLS after the 220. */
  readonly ignoresGo?: boolean;
  /** Accepts any certificate. */
  readonly trusting?: boolean;
  /** Accepts any version and suite of TLS. */
  readonly lax?: boolean;
  /** Reads what came after the 220 in the clear as if it had come inside TLS. */
  readonly buffers?: boolean;
  /** Uses inside TLS the capabilities that were offered in the clear. */
  readonly remembers?: boolean;
  /** Claims success, whatever the outcome. */
  readonly boasts?: boolean;
  readonly withoutLogin?: boolean;
  /** Holds SCRAM with a server that proves nothing. */
  readonly believes?: boolean;
  /** Recognises STARTTLS in capitals only. */
  readonly caseSensitive?: boolean;
}

export interface Target {
  /** 127.0.0.1 by default. */
  readonly address?: string;
  readonly port: number;
  readonly transport: "starttls" | "implicit";
  /** PEM. */
  readonly authority: string;
  readonly host?: string;
  /** What it sends. Default: `canaries`. */
  readonly words?: Canaries;
  /** Destroys the connection. */
  readonly signal?: AbortSignal;
}

export async function sendNaively(target: Target, flaws: Flaws = {}): Promise<Claim> {
  const socket = connect(target.port, target.address ?? "127.0.0.1");
  target.signal?.addEventListener("abort", () => socket.destroy(), { once: true });
  const client = new NaiveClient(socket, target, flaws);
  try {
    await client.send();
    return "sent";
  } catch {
    return flaws.boasts === true ? "sent" : "not-sent";
  } finally {
    socket.destroy();
  }
}

class NaiveClient {
  readonly #raw: Socket;
  readonly #target: Target;
  readonly #flaws: Flaws;
  #stream: Socket;
  #inlet: Inlet = new Inlet({ lineEnd: "LF" });

  constructor(raw: Socket, target: Target, flaws: Flaws) {
    this.#raw = raw;
    this.#stream = raw;
    this.#target = target;
    this.#flaws = flaws;
  }

  async send(): Promise<void> {
    const { transport } = this.#target;
    await this.#event(this.#raw, "connect");
    if (transport === "implicit") await this.#startTls();
    else this.#listen(this.#raw);
    await this.#ask(undefined, "220");
    let offer = await this.#ask("EHLO [127.0.0.1]", "250");
    if (transport === "starttls") offer = await this.#upgrade(offer);
    if (this.#flaws.withoutLogin !== true) await this.#login(offer);
    await this.#ask(`MAIL FROM:<${this.#words.sender}>`, "250");
    await this.#ask(`RCPT TO:<${this.#words.recipient}>`, "250");
    const body = `Subject: reeds\r\n\r\n${this.#words.body}\r\n`;
    if (offer.includes("CHUNKING")) await this.#ask(`BDAT ${body.length} LAST\r\n${body}`.slice(0, -2), "250");
    else {
      await this.#ask("DATA", "354");
      await this.#ask(`${body}.`, "250");
    }
    await this.#ask("QUIT", "221");
    // `end`, not `destroy`: what is still unsent must reach the judge, or a flaw could go unseen.
    this.#stream.end();
    await this.#event(this.#raw, "close");
  }

  get #words(): Canaries {
    return this.#target.words ?? canaries;
  }

  /** Returns the offer that counts from here on. */
  async #upgrade(offer: string): Promise<string> {
    const { opportunistic, ignoresGo, remembers, caseSensitive } = this.#flaws;
    const offered = (caseSensitive === true ? /^250[- ]STARTTLS\r?$/m : /^250[- ]STARTTLS\r?$/im).test(offer);
    if (!offered || !(await this.#agreed())) {
      if (opportunistic === true) return offer;
      throw new Error("no TLS");
    }
    if (ignoresGo === true) return offer;
    await this.#startTls();
    const sealed = await this.#ask("EHLO [127.0.0.1]", "250");
    return remembers === true ? offer : sealed;
  }

  async #agreed(): Promise<boolean> {
    return this.#ask("STARTTLS", "220").then(
      () => true,
      (error: unknown) => {
        if (this.#raw.destroyed) throw error;
        return false;
      },
    );
  }

  async #startTls(): Promise<void> {
    const { trusting, lax, buffers } = this.#flaws;
    const early = this.#inlet.rest();
    if (early.length > 0 && buffers !== true) throw new Error("early octets");
    this.#raw.removeAllListeners("data");
    const host = this.#target.host ?? HOST;
    const secure: TLSSocket = connectTls({
      socket: this.#raw,
      ...(host === "127.0.0.1" ? { host } : { servername: host }),
      ca: this.#target.authority,
      rejectUnauthorized: trusting !== true,
      ...(lax === true ? { minVersion: "TLSv1", ciphers: "ALL:eNULL:aNULL:@SECLEVEL=0" } : {}),
    });
    await this.#event(secure, "secureConnect");
    this.#stream = secure;
    this.#inlet = new Inlet({ lineEnd: "LF" });
    this.#inlet.push(early);
    this.#listen(secure);
  }

  #listen(stream: Socket): void {
    const inlet = this.#inlet;
    stream.on("data", (chunk: Buffer) => inlet.push(chunk));
    stream.on("error", () => inlet.end());
    stream.on("close", () => inlet.end());
    this.#raw.on("close", () => inlet.end());
  }

  async #login(offer: string): Promise<void> {
    const { username, password } = this.#words;
    const mechanisms = (/^250[- ]AUTH (.*)$/im.exec(offer)?.[1] ?? "").trim().split(" ");
    if (mechanisms.includes("PLAIN")) await this.#ask(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, "235");
    else if (mechanisms.includes("CRAM-MD5")) {
      const challenge = Buffer.from((await this.#ask("AUTH CRAM-MD5", "334")).slice(4), "base64");
      await this.#ask(base64(`${username} ${createHmac("md5", password).update(challenge).digest("hex")}`), "235");
    } else if (this.#flaws.believes === true && mechanisms.includes("SCRAM-SHA-256")) await this.#believe();
    else throw new Error("no mechanism");
  }

  /** Checks nothing, and sends a proof that proves nothing. */
  async #believe(): Promise<void> {
    const first = await this.#ask(`AUTH SCRAM-SHA-256 ${base64(`n,,n=${this.#words.username},r=tern`)}`, "334", "235");
    if (first.startsWith("235")) return;
    const final = await this.#ask(base64("c=biws,r=tern,p=cHJvb2Y="), "334", "235");
    if (final.startsWith("334")) await this.#ask("", "235");
  }

  /** The signal is needed: a socket that it destroys may never emit the event. */
  async #event(socket: Socket, name: string): Promise<void> {
    const { signal } = this.#target;
    await once(socket, name, signal === undefined ? {} : { signal });
  }

  /** Sends one command, and returns all lines of its reply. */
  async #ask(command: string | undefined, ...codes: readonly string[]): Promise<string> {
    if (command !== undefined) this.#stream.write(`${command}\r\n`);
    const lines: string[] = [];
    for (;;) {
      const line = (await this.#inlet.line())?.toString("latin1");
      if (line === undefined) throw new Error("gone");
      lines.push(line);
      if (lines.length > 100) throw new Error("enough");
      if (line[3] !== "-") break;
    }
    if (!codes.some((code) => `${lines.at(-1)} `.startsWith(`${code} `))) throw new Error(lines.join("\n"));
    return lines.join("\n");
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
