/** Gives orders to the network between the mailer and a real server. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface WeatherOrder {
  readonly what:
    | "reset all"
    | "reset one"
    | "nobody there"
    | "nothing moves"
    | "all is lost"
    | "server's side ends"
    | "client's side ends";
  readonly milliseconds: number;
}

export class Weather implements AsyncDisposable {
  /** The port that the mailer connects to. */
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  /** `target`: the server's port. */
  static async before(target: number): Promise<Weather> {
    const child = fork(fileURLToPath(new URL("weather-process.ts", import.meta.url)), [String(target)]);
    const [port]: unknown[] = await once(child, "message");
    if (typeof port !== "number") throw new TypeError("the network did not say its port");
    return new Weather(port, child);
  }

  /** Resolves when it is over. */
  async order(order: WeatherOrder): Promise<void> {
    const done = once(this.#child, "message");
    this.#child.send(order);
    await done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
