/** The sandbox's resolver. It knows the lab's names and answers every other at once, so that no client waits for a network that is not there. */
import { type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer, type Question } from "dns-packet";

/** RFC 1035 section 4.1.1: the name does not exist. */
const NXDOMAIN = 3;
const TTL = 60;

/** Answers while the process lives, but does not keep it alive. */
export async function startNameServer(address: string, names: readonly string[], port: number = 53): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.unref();
  socket.on("message", (query, { address: from, port: at }) => {
    const reply = answer(query, address, names);
    if (reply !== undefined) socket.send(reply, at, from);
  });
  socket.bind(port, address);
  await once(socket, "listening");
  return socket;
}

function answer(query: Buffer, address: string, names: readonly string[]): Buffer | undefined {
  try {
    const { id, questions } = decode(query);
    const [question] = questions ?? [];
    if (id === undefined || question === undefined) return undefined;
    // defence: resolver-knows-the-lab-alone
    const known = [...names, reverse(address)].includes(question.name.toLowerCase());
    return encode({
      type: "response",
      id,
      flags: AUTHORITATIVE_ANSWER | (known ? 0 : NXDOMAIN),
      questions: [question],
      answers: known ? recordsFor(question, address, names) : [],
    });
  } catch {
    return undefined;
  }
}

function recordsFor({ name, type }: Question, address: string, names: readonly string[]): Answer[] {
  if (type === "A" && names.includes(name.toLowerCase())) return [{ type, name, ttl: TTL, data: address }];
  if (type === "PTR" && name.toLowerCase() === reverse(address))
    return [{ type, name, ttl: TTL, data: names[0] ?? "" }];
  return [];
}

function reverse(address: string): string {
  return `${address.split(".").toReversed().join(".")}.in-addr.arpa`;
}
