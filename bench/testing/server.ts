/** A test server in a process of its own, so that its memory is nobody else's. */
import { startTestServer, type TestServer } from "@postseal/testing";
import { answerQuestions } from "../rig/worker.ts";

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly username: string;
  readonly password: string;
}

export interface Cost {
  /** Octets of the message as the test saw it. */
  readonly size: number;
  /** The most memory that the process took, in octets. */
  readonly memory: number;
  /** Milliseconds of CPU time since it was ready, which say more than the clock if the machine has other work. */
  readonly work: number;
}

let streamed = 0;
let before = process.cpuUsage();
let server: TestServer | undefined;

answerQuestions({
  start: async (isStreamed: unknown): Promise<Place> => {
    server = await startTestServer({
      transport: "implicit",
      sizeLimit: 2 ** 31,
      receive: isStreamed === true ? receive : undefined,
    });
    const { host, port, ca, username, password } = server;
    before = process.cpuUsage();
    return { host, port, ca, username, password };
  },
  cost: (): Cost => {
    const { user, system } = process.cpuUsage(before);
    return {
      size: server?.messages[0]?.raw.length ?? streamed,
      memory: process.resourceUsage().maxRSS * 1024,
      work: (user + system) / 1000,
    };
  },
});

async function receive({ octets }: { readonly octets: AsyncIterable<Buffer> }): Promise<void> {
  for await (const piece of octets) streamed += piece.length;
}
