/**
 * A submission server for SCRAM with channel binding (RFC 5802, RFC 9266), which no packaged mail server has: the lab's honest
 * session, with GNU SASL as the judge of logins.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createSecureContext, type TLSSocket } from "node:tls";
import { type Exchange, listen, over, serve, type ServeOptions, wait } from "@postseal/lab";
import { createFolder } from "./folder.ts";
import { readMaildir } from "./maildir.ts";
import { type Judge, openJudge } from "./scram-judge.ts";
import { accounts, address, type MailServer, type ServerOptions } from "./server.ts";

const mechanisms = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"];

/** Offers SCRAM-SHA-256 and SCRAM-SHA-1, both also -PLUS, after STARTTLS; no implicit TLS. */
export async function startScramPlus(options: ServerOptions): Promise<Omit<MailServer, "submissionsPort">> {
  const { authority, leaf = authority.ecdsa } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("scram-plus"));
  await mkdir(folder.at("new"));
  const judges = stack.use(new AsyncDisposableStack());
  const lines: string[] = [];
  const note = (line: unknown): unknown => lines.push(`${String(line)}\n`);
  let kept = 0;
  const keep = async (message: string): Promise<void> => {
    const name = String((kept += 1));
    await writeFile(folder.at(name), message, "latin1");
    await rename(folder.at(name), folder.at("new", name));
  };
  const context = createSecureContext({
    cert: await readFile(leaf.certificateFile),
    key: await readFile(leaf.keyFile),
    minVersion: "TLSv1.3", // On TLS 1.2 tls-exporter is safe only with an extended master secret (RFC 9266).
  });
  const service: ServeOptions = {
    tls: { transport: "starttls", context },
    capabilities: [`AUTH ${mechanisms.join(" ")}`, "8BITMIME"],
    login: (mechanism, offered, tls) =>
      tls !== undefined && offered.includes(mechanism) ? judged(mechanism, tls, judges) : undefined,
    requiresLogin: true,
    store: ({ body }) => void keep(body).catch(note),
    onCommand: (command, isSealed) => note(`${isSealed ? "sealed" : "clear"}: ${command}`),
    onFailure: note,
  };
  const listener = stack.use(await listen((socket) => void serve(socket, service)));
  const log = (): string => lines.join("");
  const owned = stack.move();
  return {
    ...address,
    submissionPort: listener.port,
    folder: folder.path,
    log,
    delivered: (count = 1) => readMaildir(folder.path, count, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A login that GNU SASL judges by the password and by this end's view of the TLS connection. */
function judged(mechanism: string, tls: TLSSocket, judges: AsyncDisposableStack): Exchange {
  return wait((response) => {
    const user = /(?:^|,)n=([^,]+)/.exec(response.toString())?.[1];
    const password = accounts.find((account) => account.user === user)?.password ?? "nobody has this password";
    const binding = tls.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    return follow(judges.use(openJudge(mechanism, password, binding)), user, response);
  });
}

async function follow(judge: Judge, user: string | undefined, response: Buffer): Promise<Exchange> {
  const [verdict, detail] = await judge.hear(response.toString("base64"));
  if (verdict === "wrong") return over(undefined);
  if (verdict === "right" && detail === "") return over(user);
  const hear = verdict === "right" ? () => over(user) : (next: Buffer) => follow(judge, user, next);
  return { challenge: Buffer.from(detail, "base64"), hear };
}
