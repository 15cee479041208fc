import { createAuthority, startImpostor, honest, canaries, HOST, vectorNamed } from "@postseal/lab";
import { attacks, attackNamed } from "/work/main/packages/lab/src/interceptor/attack.ts";
import { startInterceptor } from "/work/main/packages/lab/src/interceptor/interceptor.ts";
import { formatEntry, markEntry } from "/work/main/packages/lab/src/report/conversation.ts";
import { formatServeOpening, formatProxyOpening } from "/work/main/packages/lab/src/report/opening.ts";
import { judge, isSealed } from "/work/main/packages/lab/src/verdict/verdict.ts";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
const authority = await createAuthority();
const paper = { columns: Number(process.env.COLS ?? 80), colour: false };
writeFileSync("/tmp/try-ca.pem", authority.certificate);
const curl = (port: number, ssl: string, extra: string[] = []) => new Promise((resolve) => { const c = execFile("curl", ["-q","-sS","--max-time","10","--url",`smtp://${HOST}:${port}`,"--resolve",`${HOST}:${port}:127.0.0.1`,"--noproxy","*","--user",`${canaries.username}:${canaries.password}`,"--mail-from",canaries.sender,"--mail-rcpt",canaries.recipient,"--cacert","/tmp/try-ca.pem",ssl,...extra,"-T","-"], (error, so, se) => resolve([error?.code ?? 0, so+se])); c.stdin!.end(`Subject: x\r\n\r\n${canaries.body}\r\n`); });
const log = (t: string) => process.stdout.write(t);
for (const [id, ssl] of [["none","--ssl-reqd"],["refuse","--ssl"],["relay-clear","--ssl"],["inject-command","--ssl-reqd"],["intercept","--ssl-reqd"],["intercept", "-k"],["downgrade","--ssl"]] as const) {
  console.log("=====", id, ssl);
  const attack = attackNamed(id);
  await using impostor = await startImpostor(honest, { authority });
  const upstream = { host: "127.0.0.1", port: impostor.port, transport: "starttls", ca: authority.certificate } as const;
  await using proxy = await startInterceptor({ attack, authority: await createAuthority(), upstream, onEvent: (e) => log(formatEntry(e, paper)) });
  log(formatProxyOpening({ attack, upstream, address: "127.0.0.1", port: proxy.port, authorityFile: "/tmp/x.pem" }, paper));
  await curl(proxy.port, ssl, ssl === "-k" ? ["--ssl"]: []);
  await proxy.settled();
}
{
  const vector = vectorNamed("A1-removed-auth");
  await using impostor = await startImpostor(vector, { authority, onEntry: (connection, entry) => log(formatEntry({ kind: "entry", connection, entry: markEntry(entry, impostor.transcript.connections[connection]!, { sealed: isSealed(vector, connection, entry.channel), canaries }) }, paper)), onEnd: () => log(formatEntry({ kind: "judged", judgement: judge(impostor.transcript, { vector, canaries, claim: undefined }), duty: vector.duty }, paper)) });
  log(formatServeOpening({ vector, canaries, address: "127.0.0.1", port: impostor.port, authorityFile: "/tmp/x.pem" }, paper));
  await curl(impostor.port, "--ssl");
  await curl(impostor.port, "--ssl-reqd");
  await impostor.settled();
}
