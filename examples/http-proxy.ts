/**
 * Sends through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6), by the `connect` option:
 *
 *   node examples/http-proxy.ts 127.0.0.1:3128 submission://mail.example.com alice password.txt \
 *     alice@example.com bob@example.org
 *
 * The proxy sees the host name, the port and TLS records; it has to be trusted with nothing else. Many allow CONNECT to
 * port 443 alone: their administrator has to allow 465 and 587.
 */
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import type { Socket } from "node:net";
import { type ConnectHook, createMailer } from "@postseal/mailer";

const [proxy = "", server = "", username = "", passwordFile = "", from = "", to = ""] = process.argv.slice(2);

const mailer = createMailer(server, {
  credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }),
  connect: throughHttp(new URL(`http://${proxy}`)),
});
try {
  const receipt = await mailer.send({ from, to, subject: "Hello", text: "It came through a proxy." });
  process.stdout.write(`${receipt.recipients.map(({ outcome }) => outcome).join(", ")}\n`);
} finally {
  await mailer.close();
}

/** The proxy resolves the host name, so that no name server near us learns it. */
function throughHttp({ hostname, port }: URL): ConnectHook {
  return (target, signal) =>
    new Promise((resolve, reject) => {
      const host = target.host.includes(":") ? `[${target.host}]` : target.host;
      const path = `${host}:${target.port}`;
      const asked = request({
        host: hostname,
        port: Number(port || 80),
        method: "CONNECT",
        path,
        headers: { Host: path },
        signal,
      });
      asked.once("error", reject);
      asked.once("connect", ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
        if (statusCode < 200 || statusCode > 299) {
          socket.destroy();
          return reject(new Error(`the HTTP proxy did not connect (status ${statusCode})`));
        }
        // The greeting may have come with the proxy's answer.
        if (head.length > 0) socket.unshift(head);
        resolve(socket.setNoDelay(true));
      });
      // What answers CONNECT with a body is not a proxy.
      asked.once("response", (response) => {
        response.destroy();
        reject(new Error(`the HTTP proxy did not connect (status ${response.statusCode})`));
      });
      asked.end();
    });
}
