/**
 * Runs a client through a proxy of its own: `through-proxy.mjs KIND COMMAND…`, with `{proxyport}` in the command for the port. `socks5`: RFC 1928,
 * without a login; `http`: CONNECT (RFC 9110 section 9.3.6). Both pass on what they get. It exits as the client does,
 * but not with 0 if the client went around the proxy.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const [, , kind, ...command] = process.argv;
const ADDRESS_KINDS = { 1: "IPv4", 3: "a name" };

let isUsed = false;
const server = createServer((client) => {
  client.on("error", () => client.destroy());
  void (kind === "socks5" ? socks5(client) : http(client)).catch(() => client.destroy());
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
const [program, ...args] = command.map((word) => word.replaceAll("{proxyport}", String(port)));
const child = spawn(program, args, { stdio: "inherit" });
child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  if (signal !== null) process.kill(process.pid, signal);
  else if (code !== 0 || isUsed) process.exit(code);
  process.stderr.write("the client did not use its proxy\n");
  process.exit(1);
});

async function socks5(client) {
  const methods = await upTo(client, (octets) => octets.length > 1 && octets.length >= 2 + octets[1]);
  if (methods[0] !== 5) throw new Error("not SOCKS 5");
  client.write(Buffer.from([5, 0]));
  const request = await upTo(client, (octets) => octets.length > 4 && octets.length >= lengthOf(octets));
  if (!(request[3] in ADDRESS_KINDS)) throw new Error("an address of another kind");
  const isName = request[3] === 3;
  const host = isName ? request.toString("latin1", 5, 5 + request[4]) : [...request.subarray(4, 8)].join(".");
  await pass(client, host, request.readUInt16BE(lengthOf(request) - 2), Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
}

/** Of a request: four octets, the address and the port. */
function lengthOf(octets) {
  return octets[3] === 3 ? 7 + octets[4] : 10;
}

async function http(client) {
  const request = await upTo(client, (octets) => octets.includes("\r\n\r\n"));
  const [, host, at] = /^CONNECT ([^ :]+):(\d+) /.exec(request.toString("latin1")) ?? [];
  if (host === undefined) throw new Error("not CONNECT");
  await pass(client, host, Number(at), Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n"));
}

async function upTo(client, isWhole) {
  let octets = Buffer.alloc(0);
  while (!isWhole(octets)) {
    const [chunk] = await once(client, "data");
    octets = Buffer.concat([octets, chunk]);
  }
  return octets;
}

async function pass(client, host, at, reply) {
  client.pause();
  const peer = connect({ host, port: at, family: 4 });
  peer.on("error", () => client.destroy());
  client.on("error", () => peer.destroy());
  await once(peer, "connect");
  isUsed = true;
  client.write(reply);
  client.pipe(peer).pipe(client);
}
