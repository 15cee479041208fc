/** On a terminal, says what is being waited for if a server or a login is silent for some seconds. */
import type { ConnectionEvent, Observer } from "@postseal/mailer";
import type { Output } from "../output.ts";

/** In milliseconds. People wonder after a few seconds; the mailer gives up after 10 to 30. */
const PATIENCE = 5_000;

/** Writes until it is disposed of. `undefined` if nobody is watching: a log has no use for it. */
export async function wordAfterSilence(to: Output): Promise<Disposable | undefined> {
  if (!to.isTerminal) return undefined;
  const { observe } = await import("@postseal/mailer");
  const silence = new Silence((line) => to.line(line));
  const observing = observe(silence.observer);
  return {
    [Symbol.dispose]: () => {
      observing[Symbol.dispose]();
      silence.end();
    },
  };
}

export class Silence {
  readonly #say: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  readonly observer: Observer = {
    "connection.opening": (event) => this.#wait(`There is no connection to ${placeOf(event)} yet`),
    "connection.opened": (event) => this.#wait(wrongWay(event)),
    "connection.sealed": (event) => this.#wait(`${placeOf(event)} is silent inside TLS`),
    "connection.authenticating": (event) =>
      this.#wait(`The login at ${placeOf(event)} is not done. If a program prints the password, it may wait for you`),
    "connection.authenticated": () => this.end(),
    "connection.closed": () => this.end(),
    "conversation.reply": () => this.end(),
  };

  end(): void {
    clearTimeout(this.#timer);
  }

  #wait(what: string): void {
    this.end();
    this.#timer = setTimeout(
      () => this.#say(`${what} (waiting since ${PATIENCE / 1_000} s; Ctrl-C ends it).`),
      PATIENCE,
    );
    // It must not keep the process running.
    this.#timer.unref();
  }
}

/** The commonest cause: each side waits for the other to begin. */
function wrongWay(event: ConnectionEvent): string {
  const { host, port, transport } = event.server;
  const other = `${transport === "starttls" ? "submissions" : "submission"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return transport === "starttls"
    ? `${placeOf(event)} says nothing. If it speaks TLS from the start, write ${other}`
    : `${placeOf(event)} does not answer in TLS. If it upgrades by STARTTLS, write ${other}`;
}

function placeOf({ server: { host, port } }: ConnectionEvent): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
