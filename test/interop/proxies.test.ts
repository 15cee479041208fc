/**
 * The vectors of downgrade and of the TLS boundary, over the `connect` hook and through real proxies: microsocks (SOCKS5) and
 * tinyproxy (HTTP CONNECT). A proxy cuts and joins what it carries anywhere, and sits where an attacker would.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import type { Socket } from "node:net";
import { after, before, suite, test } from "node:test";
import { canaries, createAuthority, hostOf, startImpostor, type Vector, vectors } from "@postseal/lab";
import { type ConnectHook, createMailer, MailError, receiptOf } from "@postseal/mailer";
import { SocksClient } from "socks";
import { answers } from "../attack/answers.ts";
import { type Daemon, startDaemon } from "./servers/daemon.ts";
import { createFolder, type Folder } from "./servers/folder.ts";
import { freePorts, host } from "./servers/port.ts";

interface Proxy {
  readonly start: (port: number, folder: Folder) => Promise<Daemon>;
  readonly through: (port: number) => ConnectHook;
}

const proxies: Readonly<Record<string, Proxy>> = {
  microsocks: {
    start: (port) => startDaemon(["microsocks", "-i", host, "-p", String(port)], { listening: [port] }),
    through: (port) => async (target) => {
      const { socket } = await SocksClient.createConnection({
        proxy: { host, port, type: 5 },
        command: "connect",
        // No name server knows the lab's names.
        destination: { host, port: target.port },
      });
      return socket;
    },
  },
  tinyproxy: {
    start: async (port, folder) => {
      const file = folder.at("tinyproxy.conf");
      await writeFile(
        file,
        `Port ${port}\nListen ${host}\nMaxClients 100\nLogFile "${folder.at("log")}"\nLogLevel Connect\n`,
      );
      return startDaemon(["tinyproxy", "-d", "-c", file], { listening: [port] });
    },
    through: (port) => (target, signal) =>
      new Promise((resolve, reject) => {
        const asked = request({ host, port, method: "CONNECT", path: `${host}:${target.port}`, signal });
        asked.once("error", reject);
        asked.once("connect", ({ statusCode }, socket: Socket, head: Buffer) => {
          if (statusCode !== 200) return reject(new Error(`status ${String(statusCode)}`));
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        });
        asked.end();
      }),
  },
};

/** A banner may come in one segment with the proxy's own answer, and so before TLS begins. */
const early: ReadonlyMap<string, string> = new Map([["A8-banner", "MAIL_TLS_INJECTION"]]);

const chosen: readonly Vector[] = vectors.filter(({ id }) => /^[AB]\d|^H-/.test(id));

for (const [name, { start, through }] of Object.entries(proxies)) {
  suite(`through ${name}`, () => {
    let folder: Folder;
    let proxy: Daemon;
    let port = 0;
    const played = new Set<string>();
    before(async () => {
      folder = await createFolder(name);
      ({ port } = await freePorts("port"));
      proxy = await start(port, folder);
    });
    after(async () => {
      await proxy[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });

    for (const vector of chosen) {
      test(`${vector.id}: ${vector.title}`, async () => {
        const authority = await createAuthority();
        await using impostor = await startImpostor(vector, { authority });
        const mailer = createMailer(
          {
            host: hostOf(vector.reference, authority.address),
            port: impostor.port,
            transport: vector.transport,
          },
          {
            credentials: { username: canaries.username, password: canaries.password },
            tls: { ca: { only: authority.certificate } },
            timeouts: { handshake: 3_000, greeting: 1_500, ehlo: 1_500, startTls: 1_500 },
            connect: through(port),
          },
        );
        const { sender: from, recipient: to, body: text } = canaries;
        const error: unknown = await mailer.send({ from, to, text }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        await mailer.close();
        const isUnknown = receiptOf(error)?.recipients.some(({ outcome }) => outcome === "unknown") ?? false;
        const { verdict, findings } = await impostor.verdict(
          error === undefined ? "sent" : isUnknown ? "unknown" : "not-sent",
        );
        const evidence = JSON.stringify({ findings, error: String(error) });
        if (vector.expected === "either") assert.ok(verdict === "held" || verdict === "delivered-sealed", evidence);
        else if (vector.expected !== "unknown") assert.equal(verdict, vector.expected, evidence);
        else assert.ok(isUnknown, evidence);
        if (error === undefined) {
          assert.ok(answers.get(vector.id)?.includes("sent"), vector.id);
        } else {
          assert.ok(error instanceof MailError, evidence);
          assert.ok(
            answers.get(vector.id)?.includes(error.code) === true || early.get(vector.id) === error.code,
            evidence,
          );
          assert.ok(!error.message.includes(canaries.password));
        }
        played.add(vector.id);
      });
    }

    test("every vector was played", () => {
      assert.ok(played.size > 40, `only ${played.size} were played`);
      assert.equal(played.size, chosen.length);
    });
  });
}
