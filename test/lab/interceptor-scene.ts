/** The scene of the interceptor's tests: its proxy between a client and an honest server. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { after } from "node:test";
import {
  attackNamed,
  type Authority,
  canaries,
  createAuthority,
  honest,
  HOST,
  type Impostor,
  type Interceptor,
  type InterceptorEvent,
  type InterceptorOptions,
  type Part,
  type ProxyOutcome,
  said,
  startImpostor,
  startInterceptor,
  makePrivateFolder,
} from "@postseal/lab";
import { createMailer } from "@postseal/mailer";

/** The true server's authority. */
export const authority: Authority = await createAuthority();
/** The proxy's authority. A client trusts it only if the test says so. */
export const rogue: Authority = await createAuthority({ name: "Rogue authority" });
const folder = makePrivateFolder("interceptor");
export const files: Readonly<Record<"true" | "both", string>> = {
  true: path.join(folder, "true.pem"),
  both: path.join(folder, "both.pem"),
};
await writeFile(files.true, authority.certificate);
await writeFile(files.both, `${authority.certificate}\n${rogue.certificate}`);
after(() => rm(folder, { recursive: true }));

export const letter: string = `Subject: reeds\r\n\r\n${canaries.body}\r\n`;

export interface Scene extends AsyncDisposable {
  readonly server: Impostor;
  readonly proxy: Interceptor;
  readonly events: readonly InterceptorEvent[];
}

export async function stage(
  id: string,
  part: Part = honest,
  options: Partial<InterceptorOptions> = {},
): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startImpostor(part, { authority }));
  const events: InterceptorEvent[] = [];
  const { transport } = part;
  const proxy = stack.use(
    await startInterceptor({
      attack: attackNamed(id),
      upstream: { host: "127.0.0.1", port: server.port, transport, ca: authority.certificate },
      authority: rogue,
      onEvent: (event) => events.push(event),
      ...options,
    }),
  );
  const owned = stack.move();
  return { server, proxy, events, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export function outcomesOf(events: readonly InterceptorEvent[]): readonly ProxyOutcome[] {
  return events.flatMap((event) => (event.kind === "closed" ? [event.outcome] : []));
}

export function endOf(events: readonly InterceptorEvent[]): string {
  const end = events.at(-1);
  return end?.kind === "closed" ? `${end.outcome}: ${end.evidence}` : "";
}

export function evidenceIn(events: readonly InterceptorEvent[]): string {
  return events
    .flatMap((event) => (event.kind === "finding" ? [`${event.outcome}: ${event.evidence}`] : []))
    .join("\n");
}

/** No event holds a secret: not raw, not in base64 at any offset, and not as a digest made from it. */
export function assertSecret({ events }: Pick<Scene, "events">): void {
  const { password, body } = canaries;
  const text = JSON.stringify(events);
  const shifted = [password, body].flatMap((word) =>
    [0, 1, 2].map((pad) =>
      Buffer.from(`${" ".repeat(pad)}${word}`)
        .toString("base64")
        .slice(4, -4),
    ),
  );
  for (const form of [password, body, ...shifted])
    assert.ok(!text.toLowerCase().includes(form.toLowerCase()), `${form} is in ${text}`);
  assert.doesNotMatch(text, /[0-9a-f]{32}/);
  assert.ok(
    events.some(({ kind }) => kind === "closed"),
    "there was no connection",
  );
}

export function heardInClear(server: Impostor): string {
  return server.transcript.connections.map((connection) => said(connection, "client", "clear")).join("");
}

/** `postfix`: the authority of a Postfix, which wants no login. */
export async function send(
  port: number,
  transport: "starttls" | "implicit",
  postfix?: string,
): Promise<"sent" | "not sent"> {
  const { username, password } = canaries;
  await using mailer = createMailer(
    { host: HOST, port, transport },
    {
      ...(postfix === undefined ? { credentials: { username, password } } : {}),
      tls: { ca: { only: postfix ?? authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
  const to = postfix === undefined ? canaries.recipient : "bob@example.test";
  return await mailer.send({ from: canaries.sender, to, text: canaries.body }).then(
    () => "sent",
    () => "not sent",
  );
}

export interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly output: string;
}

/** `undefined` if curl is not installed. */
export function curl(port: number, ssl: string, more: readonly string[] = []): Promise<Ran | undefined> {
  const where = ["--url", `smtp://${HOST}:${port}`, "--resolve", `${HOST}:${port}:127.0.0.1`, "--noproxy", "*"];
  const who = ["--user", `${canaries.username}:${canaries.password}`, "--mail-from", canaries.sender];
  const what = ["--mail-rcpt", canaries.recipient, "--cacert", files.true, ssl, "-T", "-", ...more];
  return new Promise((resolve) => {
    const child = execFile("curl", ["-q", "-sS", ...where, ...who, ...what], { timeout: 20_000 }, (error, out, err) => {
      if (error?.code === "ENOENT") resolve(undefined);
      else resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: out + err });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(letter);
  });
}
