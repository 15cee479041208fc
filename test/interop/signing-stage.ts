/** What a sign-in takes: an issuer, a mail server that asks it, a person, and a desk with the command's files. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makePrivateFolder } from "@postseal/lab";
import { formsOf } from "../../scripts/secret-forms.ts";
import { command, type Ended } from "../cli/command.ts";
import { startDovecot } from "./servers/dovecot.ts";
import { type Oidc, type OidcOptions, startOidc } from "./servers/oidc.ts";
import { type Person, visit, type Visit } from "./servers/person.ts";
import type { Authority } from "./servers/pki.ts";
import { accounts, type MailServer } from "./servers/server.ts";

const [alice = { user: "", password: "" }] = accounts;

export interface Running {
  /** Resolves with the match once it was printed; rejects if the command ends without it. */
  said(pattern: RegExp | string): Promise<readonly string[]>;
  interrupt(signal: NodeJS.Signals): void;
  /** Gives it all of its standard input. */
  pass(text: string): void;
  /** Types a line, on a terminal. */
  type(line: string): void;
  readonly ended: Promise<Ended>;
}

type Who = Omit<Partial<Person>, "authority">;

export class SigningStage implements AsyncDisposable {
  readonly oidc: Oidc;
  readonly mail: MailServer;
  readonly authority: Authority;
  readonly folder: string = makePrivateFolder("signing");

  constructor(authority: Authority, oidc: Oidc, mail: MailServer) {
    this.authority = authority;
    this.oidc = oidc;
    this.mail = mail;
  }

  get configuration(): string {
    return path.join(this.folder, "config/postseal/config.toml");
  }

  tokensOf(account: string): string {
    return path.join(this.folder, "state/postseal/tokens", `${account}.json`);
  }

  /** The user's file of accounts. */
  write(toml: string): void {
    mkdirSync(path.dirname(this.configuration), { recursive: true, mode: 0o700 });
    writeFileSync(this.configuration, toml, { mode: 0o600 });
  }

  file(name: string, content: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** What is left of an account: its table, its files. */
  remains(account: string): readonly string[] {
    const secret = path.join(path.dirname(this.configuration), `${account}.client`);
    const files = [secret, this.tokensOf(account)].filter((file) => existsSync(file));
    const toml = existsSync(this.configuration) ? readFileSync(this.configuration, "utf8") : "";
    return toml.includes(`[accounts.${account}]`) ? [...files, this.configuration] : files;
  }

  /** Options of `account add` for this server and this issuer. */
  adding(
    name: string,
    { user = alice.user, address = user }: { readonly user?: string; readonly address?: string } = {},
  ): readonly string[] {
    const server = `submission://${encodeURIComponent(user)}@127.0.0.1:${this.mail.submissionPort}`;
    const trust = ["--ca-only", this.authority.caFile, "--issuer-ca", this.authority.caFile];
    return [
      "account",
      "add",
      "--address",
      address,
      "--name",
      name,
      "--server",
      server,
      "--oauth",
      this.oidc.issuer,
      ...trust,
    ];
  }

  begin(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    return watched(
      spawn(process.execPath, [...command, ...argv], { env: this.#environment(environment) }),
      this.oidc.secrets,
    );
  }

  /** The same on a terminal, whose whole screen is its standard output. */
  beginOnTerminal(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    const script = fileURLToPath(new URL("../../test/interop/live-terminal.py", import.meta.url));
    const words = [script, process.execPath, ...command, ...argv];
    return watched(spawn("/usr/bin/python3", words, { env: this.#environment(environment) }), this.oidc.secrets);
  }

  #environment(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return {
      HOME: this.folder,
      XDG_CONFIG_HOME: path.join(this.folder, "config"),
      XDG_STATE_HOME: path.join(this.folder, "state"),
      PATH: process.env["PATH"] ?? "",
      ...more,
    };
  }

  run(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const running = this.begin(argv, environment);
    running.pass("");
    return running.ended;
  }

  /** Does what the command asks the person to do: opens the address in a browser, agrees, and comes back. */
  async agree(running: Running, person: string | Who = alice.user): Promise<Visit> {
    const [, address = ""] = await running.said(/^ *(http:\/\/127\.0\.0\.1:\d+\/\S+)\r?$/m);
    return this.person(address, typeof person === "string" ? { user: person } : person);
  }

  /** Adds the account by a browser. */
  async add(name: string, more: readonly string[] = []): Promise<Ended> {
    const adding = this.begin([...this.adding(name), ...more]);
    // If it ends before it asks, the result says why.
    await Promise.race([this.agree(adding), adding.ended]);
    return adding.ended;
  }

  /** Makes the kept access token look expired, as if an hour had passed. */
  age(account: string): void {
    const file = this.tokensOf(account);
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...Object(kept), expiresAt: new Date(Date.now() - 1_000).toISOString() }));
  }

  /** Opens a page of the issuer, and agrees. */
  person(page: string, more: Who = {}): Promise<Visit> {
    return visit(page, { authority: this.authority, user: alice.user, ...more });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await this.mail[Symbol.asyncDispose]();
    await this.oidc[Symbol.asyncDispose]();
  }
}

export async function openSigningStage(options: OidcOptions): Promise<SigningStage> {
  const oidc = await startOidc(options);
  const mail = await startDovecot({ authority: options.authority, introspection: oidc.introspection });
  return new SigningStage(options.authority, oidc, mail);
}

/** Nothing that a command prints may hold a secret of the issuer's, in any form. This holds for every run. */
function assertClean({ stdout, stderr }: Ended, secrets: ReadonlySet<string>): void {
  const text = `${stdout}${stderr}`.replaceAll(/[\r\n]+ */g, "");
  for (const secret of secrets)
    for (const [name, form] of formsOf(secret)) assert.ok(!text.includes(form), `a secret was printed, ${name}`);
}

function watched(child: ChildProcessWithoutNullStreams, secrets: ReadonlySet<string>): Running {
  const printed = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, "close").then(() => {
    const all = { code: child.exitCode, ...printed };
    assertClean(all, secrets);
    return all;
  });
  return {
    ended,
    interrupt: (signal) => void child.kill(signal),
    pass: (text) => void child.stdin.end(text),
    type: (line) => void child.stdin.write(`${line}\r`),
    said(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
      const look = (): void => {
        const text = `${printed.stdout}\n${printed.stderr}`;
        const match = typeof pattern === "string" ? (text.includes(pattern) ? [pattern] : null) : pattern.exec(text);
        if (match !== null) resolve(match);
      };
      waiting.add(look);
      look();
      ended.then(({ code, stdout, stderr }) => reject(new Error(`ended with ${code}: ${stdout}${stderr}`)), reject);
      return promise.finally(() => waiting.delete(look));
    },
  };
}
