/** The surroundings of the session: a network with one mail server, its names, and a home. It needs its own namespaces. */
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { AUTHORITATIVE_ANSWER, decode, encode } from "dns-packet";
import {
  createAuthority,
  type Impostor,
  listen,
  sealedCapabilities,
  startImpostor,
  tie,
  vectorNamed,
} from "@postseal/lab";

export const PASSWORD = "correct horse battery staple";
const HOST = "mail.example.com";
const HOME = "/home/alice";

export interface Stage extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  /** Chooses the server that answers later connections. */
  readonly answer: (server: "honest" | "stripped") => void;
  /** Limits the octets that pass on each connection; the others wait. */
  readonly limit: (octets: number) => void;
}

export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  run("ip", "link", "set", "lo", "up");
  // With small buffers, what the bar counts as handed over is nearly what has passed.
  for (const name of ["tcp_wmem", "tcp_rmem"]) writeFileSync(`/proc/sys/net/ipv4/${name}`, "4096 32768 65536\n");
  run("mount", "-t", "tmpfs", "tmpfs", "/home");
  mkdirSync(`${HOME}/.config`, { recursive: true });
  cover("/etc/hosts", `127.0.0.1 localhost ${HOST}\n`);
  cover("/etc/resolv.conf", "nameserver 127.0.0.1\n");

  const authority = await createAuthority({ name: "Example mail CA" });
  // The certificates are for the mail server of this stage.
  const named = { ...authority, issue: () => authority.issue({ names: [["dns", HOST]] }) };
  const canaries = { username: "alice", password: PASSWORD, sender: "", recipient: "", body: "" };
  const capabilities = sealedCapabilities.map((line) => (line.startsWith("SIZE") ? "SIZE 104857600" : line));
  const honest = await startImpostor(
    { transport: "starttls", script: { tls: { capabilities } } },
    { authority: named, canaries },
  );
  stack.use(honest);
  const stripped = stack.use(await startImpostor(vectorNamed("A1-removed-auth"), { authority: named, canaries }));
  const relay = stack.use(await startRelay({ honest, stripped }));
  await startNameServer();

  writeFileSync(`${HOME}/ca.pem`, authority.certificate);
  writeFileSync(`${HOME}/film.mp4`, Buffer.alloc(4 * 1024 * 1024, 7));
  mkdirSync(`${HOME}/bin`);
  const main = path.resolve(import.meta.dirname, "../../packages/cli/src/main.ts");
  writeFileSync(
    `${HOME}/bin/postseal`,
    `#!/bin/sh\nexec '${process.execPath}' --conditions=@postseal/source '${main}' "$@"\n`,
  );
  chmodSync(`${HOME}/bin/postseal`, 0o755);
  const owned = stack.move();
  return {
    home: HOME,
    environment: {
      HOME,
      PATH: `${HOME}/bin:/usr/bin:/bin`,
      PS1: "$ ",
      LANG: "C.UTF-8",
      NODE_EXTRA_CA_CERTS: `${HOME}/ca.pem`,
    },
    answer: relay.answer,
    limit: relay.limit,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function run(program: string, ...words: readonly string[]): void {
  execFileSync(program, words, { stdio: ["ignore", "ignore", "inherit"] });
}

function cover(file: string, content: string): void {
  const own = `/home/${path.basename(file)}`;
  writeFileSync(own, content);
  run("mount", "--bind", own, file);
}

interface Relay extends Pick<Stage, "answer" | "limit" | keyof AsyncDisposable> {}

/** Relays port 587, and stops at a limit, so that the progress bar can be recorded. */
async function startRelay(servers: Readonly<Record<"honest" | "stripped", Impostor>>): Promise<Relay> {
  let current: Impostor = servers.honest;
  let limit = Infinity;
  const waiting = new Set<() => void>();
  const listener = await listen(
    (client) => {
      const server = connect({ host: "127.0.0.1", port: current.port });
      tie(client, server);
      server.pipe(client);
      let passed = 0;
      client.on("data", (chunk: Buffer) => {
        server.write(chunk);
        passed += chunk.length;
        if (passed < limit) return;
        client.pause();
        waiting.add(() => client.resume());
      });
    },
    { port: 587 },
  );
  return {
    answer: (server) => {
      current = servers[server];
    },
    limit: (octets) => {
      limit = octets;
      for (const resume of waiting) resume();
      waiting.clear();
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** Answers with one SRV record: nothing else is asked for. */
async function startNameServer(): Promise<void> {
  const socket = createSocket("udp4");
  socket.unref();
  socket.on("message", (query, { address, port }) => {
    const { id = 0, questions = [] } = decode(query);
    const [question] = questions;
    const isKnown = question?.type === "SRV" && question.name === "_submission._tcp.example.com";
    const answers = isKnown
      ? [
          {
            type: "SRV" as const,
            name: question.name,
            ttl: 60,
            data: { target: HOST, port: 587, priority: 0, weight: 1 },
          },
        ]
      : [];
    const reply = {
      type: "response" as const,
      id,
      flags: AUTHORITATIVE_ANSWER | (isKnown ? 0 : 3),
      questions,
      answers,
    };
    socket.send(encode(reply), port, address);
  });
  socket.bind(53, "127.0.0.1");
  await once(socket, "listening");
}
