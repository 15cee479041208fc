/** What a sign-in takes: an issuer, a mail server that asks it, a person, and a desk with the command's files. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { command, type Ended } from "../cli/command.ts";
import { startDovecot } from "./servers/dovecot.ts";
import { type Oidc, type OidcOptions, startOidc } from "./servers/oidc.ts";
import { visit, type Visit } from "./servers/person.ts";
import type { Authority } from "./servers/pki.ts";
import { accounts, type MailServer } from "./servers/server.ts";

const [alice = { user: "", password: "" }] = accounts;

export interface Running {
  /** Resolves with the match once it was printed; rejects if the command ends without it. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  interrupt(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

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

  /** What a person would see in the folder of the configuration, and whether tokens are kept. */
  remains(account: string): readonly string[] {
    const files = [
      this.configuration,
      path.join(path.dirname(this.configuration), `${account}.client`),
      this.tokensOf(account),
    ];
    return files.filter((file) => existsSync(file));
  }

  /** Options of `account add` for this server and this issuer. */
  adding(name: string, user: string = alice.user): readonly string[] {
    const server = `submission://${encodeURIComponent(user)}@127.0.0.1:${this.mail.submissionPort}`;
    const trust = ["--ca-only", this.authority.caFile, "--issuer-ca", this.authority.caFile];
    return [
      "account",
      "add",
      "--address",
      user,
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
    const child = spawn(process.execPath, [...command, ...argv], {
      env: {
        HOME: this.folder,
        XDG_CONFIG_HOME: path.join(this.folder, "config"),
        XDG_STATE_HOME: path.join(this.folder, "state"),
        PATH: process.env["PATH"] ?? "",
        ...environment,
      },
    });
    child.stdin.end();
    return watched(child);
  }

  run(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.begin(argv, environment).ended;
  }

  /** Does what the command asks the person to do: opens the address in a browser, agrees, and comes back. */
  async agree(running: Running, user: string = alice.user): Promise<Visit> {
    const [, address = ""] = await running.said(/^ *(http:\/\/127\.0\.0\.1:\d+\/\S+)$/m);
    return visit(address, { authority: this.authority, user });
  }

  /** Adds the account by a browser. */
  async add(name: string, more: readonly string[] = []): Promise<Ended> {
    const adding = this.begin([...this.adding(name), ...more]);
    // If it ends before it asks, the result says why.
    await Promise.race([this.agree(adding), adding.ended]);
    return adding.ended;
  }

  tokens(account: string): Readonly<Record<string, unknown>> {
    const parsed: unknown = JSON.parse(readFileSync(this.tokensOf(account), "utf8"));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
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

function watched(child: ChildProcessWithoutNullStreams): Running {
  const printed = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, "close").then(() => ({ code: child.exitCode, ...printed }));
  return {
    ended,
    interrupt: (signal) => void child.kill(signal),
    said(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const look = (): void => {
        const match = pattern.exec(`${printed.stdout}\n${printed.stderr}`);
        if (match !== null) resolve(match);
      };
      waiting.add(look);
      look();
      ended.then(({ code, stdout, stderr }) => reject(new Error(`ended with ${code}: ${stdout}${stderr}`)), reject);
      return promise.finally(() => waiting.delete(look));
    },
  };
}
