/** Writes the server's replies: by reply, by octet, by tick or by turn. */
import type { Duplex } from "node:stream";
import type { Behaviour } from "./behaviour.ts";

/** The server's end of a connection. */
export interface End {
  /** The stream to write to now: clear or TLS. */
  stream(): Duplex;
  isClosed(): boolean;
  /** Called before a delayed write. */
  moved(): unknown;
}

export class Mouth {
  readonly #delivery: NonNullable<Behaviour["delivery"]>;
  readonly #end: End;
  #pending = "";
  readonly #turns: string[] = [];

  constructor(delivery: Behaviour["delivery"], end: End) {
    this.#delivery = delivery ?? "replies";
    this.#end = end;
  }

  say(text: string): void {
    const stream = this.#end.stream();
    if (this.#delivery === "octets") for (const octet of text) stream.write(octet);
    else if (this.#delivery === "replies") stream.write(text);
    else if (this.#delivery === "turns") {
      if (this.#turns.push(text) === 1) setImmediate(this.#sayOne);
    } else {
      if (this.#pending === "") process.nextTick(() => this.flush());
      this.#pending += text;
    }
  }

  /** Writes everything pending at once. */
  flush(): void {
    const all = this.#turns.splice(0).join("") + this.#pending;
    this.#pending = "";
    if (all !== "" && !this.#end.isClosed()) this.#end.stream().write(all);
  }

  readonly #sayOne = (): void => {
    const text = this.#turns.shift();
    this.#end.moved();
    if (text === undefined || this.#end.isClosed()) return;
    this.#end.stream().write(text);
    if (this.#turns.length > 0) setImmediate(this.#sayOne);
  };
}
