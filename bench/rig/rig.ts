/** Sink, wire and files: everything that the clients need. It is removed when the bench ends. */
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Authority, createAuthority, type Issued, makePrivateFolder } from "@postseal/lab";
import type { Endpoint } from "../client/driver.ts";
import { mixedOctets } from "../client/letter.ts";
import { FILM_SIZE } from "../scenarios.ts";
import type { SinkSetup, Tally } from "../sink/setup.ts";
import { isNothing, isRecordWith, Worker } from "./worker.ts";

/** Not `localhost`, which TLS stacks treat specially. */
const HOST = "127.0.0.1";
const USERNAME = "bench";
const PASSWORD = "correct horse battery staple";

export type SinkChoice = Omit<SinkSetup, "certificate" | "key" | "password">;

/** The sink for measurements of speed. */
export const fastSink: SinkChoice = { transport: "implicit", chunking: true, mechanism: "PLAIN", withholds: false };

export class Rig {
  readonly folder: string = makePrivateFolder("bench");
  readonly #authority: Authority;
  readonly #identity: Issued;
  readonly #workers: Worker[] = [];

  private constructor(authority: Authority, identity: Issued) {
    this.#authority = authority;
    this.#identity = identity;
    process.once("exit", () => rmSync(this.folder, { recursive: true }));
    process.once("SIGINT", () => process.exit(130));
    writeFileSync(this.caFile, authority.certificate);
    writeFileSync(this.passwordFile, PASSWORD, { mode: 0o600 });
    copyFileSync(new URL("../client/peers.py", import.meta.url), path.join(this.folder, "peers.py"));
  }

  static async create(): Promise<Rig> {
    const authority = await createAuthority({ address: HOST });
    return new Rig(authority, await authority.issue());
  }

  get caFile(): string {
    return path.join(this.folder, "ca.pem");
  }

  get passwordFile(): string {
    return path.join(this.folder, "password.txt");
  }

  /** The path of the file of 25 MB, which is made at the first call. */
  film(): string {
    const film = path.join(this.folder, "film.bin");
    writeFileSync(film, mixedOctets(FILM_SIZE));
    return film;
  }

  /** From source for counts, which do not depend on speed; otherwise compiled, as users run it. */
  startClient(fromSource: boolean): Worker {
    const script = fromSource ? "../client/client.ts" : "../../build/bench/client/client.js";
    return this.#start(new URL(script, import.meta.url), fromSource);
  }

  async startSink(choice: SinkChoice): Promise<Sink> {
    const { chain: certificate, key } = this.#identity;
    const worker = this.#start(new URL("../sink/sink.ts", import.meta.url));
    const port = await worker.ask("listen", { ...choice, certificate, key, password: PASSWORD }, isPort);
    const endpoint: Endpoint = {
      host: HOST,
      port,
      transport: choice.transport,
      ca: this.#authority.certificate,
      caFile: this.caFile,
      username: USERNAME,
      password: PASSWORD,
      folder: this.folder,
    };
    return new Sink(worker, endpoint);
  }

  /** The same sink over a slower wire. */
  async delayed(endpoint: Endpoint, roundTrip: number): Promise<Endpoint> {
    if (roundTrip === 0) return endpoint;
    const relay = this.#start(new URL("relay.ts", import.meta.url));
    const port = await relay.ask("listen", { port: endpoint.port, delay: roundTrip / 2 }, isPort);
    return { ...endpoint, port };
  }

  #start(script: URL, fromSource = false): Worker {
    const worker = new Worker(script, fromSource);
    this.#workers.push(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}

export class Sink {
  readonly endpoint: Endpoint;
  readonly #worker: Worker;

  constructor(worker: Worker, endpoint: Endpoint) {
    this.#worker = worker;
    this.endpoint = endpoint;
  }

  reset(): Promise<undefined> {
    return this.#worker.ask("reset", undefined, isNothing);
  }

  tally(): Promise<Tally> {
    return this.#worker.ask("tally", undefined, isTally);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#worker.stop();
  }
}

const isTally: (value: unknown) => value is Tally = isRecordWith<Tally>("connections");

function isPort(value: unknown): value is number {
  return typeof value === "number";
}
