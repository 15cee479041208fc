/** A desk with a real server over TLS, an account for it, and an outbox of its own: for the tests of `postseal outbox`. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { canaries } from "@postseal/lab";
import { createOutbox, type EnqueueOptions, type Outbox } from "@postseal/outbox";
import { type ArrivingMessage, startTestServer, type TestServer } from "@postseal/testing";
import { Desk, type Ended, postseal, type RunOptions } from "./command.ts";

export const letter: readonly string[] = ["--to", "bob@example.org", "--subject", "Hello", "--text", canaries.body];

export interface OutboxDeskOptions {
  /** More keys of the account. */
  readonly keys?: string;
  /** The address that the account sends from. */
  readonly address?: string;
  /** Above the accounts. */
  readonly top?: string;
  readonly receive?: (message: ArrivingMessage) => Promise<void> | void;
}

export class OutboxDesk {
  readonly server: TestServer;
  readonly desk: Desk = new Desk();
  readonly #options: OutboxDeskOptions;
  environment: Readonly<Record<string, string>>;

  private constructor(server: TestServer, options: OutboxDeskOptions) {
    this.server = server;
    this.#options = options;
    this.desk.file("ca.pem", server.ca);
    this.desk.file("password", `${canaries.password}\n`);
    this.environment = this.configured(server.port);
  }

  static async open(options: OutboxDeskOptions = {}): Promise<OutboxDesk> {
    const { username, password } = canaries;
    const { receive } = options;
    return new OutboxDesk(await startTestServer({ username, password, receive }), options);
  }

  /** Writes the configuration with this port. */
  configured(port: number): Readonly<Record<string, string>> {
    const { keys = "", top = "", address = "alice@example.com" } = this.#options;
    const configuration = this.desk.configuration(`${top}
[accounts.work]
server = "submission://${canaries.username}@127.0.0.1:${port}"
ca-only = "../ca.pem"
password-file = "../password"
from = ["${address}"]
${keys}
`);
    this.environment = { ...configuration, XDG_STATE_HOME: path.join(this.desk.folder, "state") };
    return this.environment;
  }

  get file(): string {
    return path.join(this.desk.folder, "state/postseal/outbox.db");
  }

  run(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const environment = { ...this.environment, ...options.environment };
    return postseal(argv, { ...options, environment });
  }

  /** Fails unless the subcommand exits with 0. */
  async outbox(argv: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(["outbox", ...argv], options);
    assert.equal(code, 0, `${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  /** The same outbox, opened by the library: a process of the command is slow to start, and most of them are not what is tested. */
  library(): Promise<Outbox> {
    mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
    return createOutbox(`sqlite:${this.file}`);
  }

  /** Queues a message, and returns its id. */
  async enqueue(options: EnqueueOptions = {}): Promise<string> {
    await using outbox = await this.library();
    const message = { from: "alice@example.com", to: "bob@example.org", text: canaries.body };
    return (await outbox.enqueue(message, { account: "work", ...options })).id;
  }

  /** The state of a message, and what became of each recipient. */
  async fate(id: string): Promise<readonly string[]> {
    await using outbox = await this.library();
    const found = await outbox.show(id);
    return found.flatMap(({ message: { state, recipients } }) => [state, ...recipients.map(({ outcome }) => outcome)]);
  }

  /** Everything that the outbox's files hold. */
  octets(): Buffer {
    return Buffer.concat(["", "-wal"].map((suffix) => readIfThere(`${this.file}${suffix}`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    this.desk[Symbol.dispose]();
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
