/** A hand-made report with every outcome, for the tests and for work on the formats. */
import { canaries } from "../verdict/canary.ts";
import { isVerdict } from "../verdict/outcome.ts";
import { vectorNamed, vectors } from "../vectors/index.ts";
import { recordConnections } from "./record.ts";
import type { ClientReport, ConnectionRecord, Outcome, Report, Run, VectorFacts } from "./report.ts";
import { createTranscript, openConnection, type ChannelName } from "../verdict/transcript.ts";

const ids = [
  "H-starttls",
  "A5-lower-case",
  "A1-removed-auth",
  "A2-220go",
  "A9-nul",
  "A10-escapes",
  "B1-merging",
  "B1-whole-session",
  "B1-inside",
  "C2-other-host",
  "D-tls10",
  "G-drip-greeting",
  "G-loses",
];

/** Text with a meaning for a terminal, HTML, XML or a spreadsheet. */
export const hostileText =
  "\u001b[2J\u009b1m</script><img src=x onerror=alert(1)><!-- ]]> =1+1 \u202effo\0 &amp; \ud800";

type Said = readonly (readonly [by: "C" | "S", text: string, channel?: ChannelName])[];

const ehlo: Said = [
  ["S", "220 smtp.example.test ESMTP\r\n"],
  ["C", "EHLO [127.0.0.1]\r\n"],
];
const upgraded: Said = [
  ...ehlo,
  ["S", "250-smtp.example.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n"],
  ["C", "STARTTLS\r\n"],
  ["S", "220 2.0.0 Ready to start TLS\r\n"],
];
const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const login = `AUTH PLAIN ${base64(`\0${canaries.username}\0${canaries.password}`)}\r\n`;
const message = `Subject: reeds\r\nFrom: ${canaries.sender}\r\n\r\n${canaries.body}\r\n.\r\n`;

function delivery(channel: ChannelName): Said {
  return [
    ["C", "EHLO [127.0.0.1]\r\n", channel],
    ["S", "250-smtp.example.test\r\n250 AUTH PLAIN LOGIN\r\n", channel],
    ["C", login, channel],
    ["S", "235 2.7.0 Accepted\r\n", channel],
    ["C", `MAIL FROM:<${canaries.sender}>\r\nRCPT TO:<${canaries.recipient}>\r\nDATA\r\n`, channel],
    ["S", "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go ahead\r\n", channel],
    ["C", message, channel],
    ["S", "250 2.0.0 Ok: queued\r\n", channel],
  ];
}

interface Conversation {
  readonly said: Said;
  readonly handshake?: ConnectionRecord["handshake"];
  readonly protocol?: string;
  readonly sealed?: boolean;
}

function connection({ said, handshake, protocol, sealed }: Conversation): readonly ConnectionRecord[] {
  const transcript = createTranscript();
  const opened = openConnection(transcript);
  const inside = said.some(([, , channel]) => channel === "tls");
  opened.handshake = handshake ?? (inside ? "completed" : "none");
  if (inside) opened.tls = { protocol: protocol ?? "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384" };
  for (const [order, [by, text, channel]] of said.entries())
    opened.entries.push({ order, by: by === "C" ? "client" : "server", text, channel: channel ?? "clear" });
  return recordConnections(transcript, {
    canaries,
    trust: (_, channel) => channel === "tls" && sealed !== false,
  });
}

function run(
  vector: string,
  outcome: Outcome,
  facts: Partial<Run> & { readonly evidence?: readonly string[] } = {},
): Run {
  const { evidence = [], ...rest } = facts;
  return {
    vector,
    outcome,
    findings: evidence.flatMap((text) => (isVerdict(outcome) ? [{ verdict: outcome, evidence: text }] : [])),
    canaries,
    client: { exitCode: isDelivered(outcome) ? 0 : 67, signal: null, timedOut: false, output: "" },
    durationMs: 212,
    connections: connection({ said: upgraded, handshake: "started" }),
    ...rest,
  };
}

function isDelivered(outcome: Outcome): boolean {
  return ["delivered-sealed", "leaked-credentials", "leaked-message", "false-success"].includes(outcome);
}

const delivered = connection({ said: [...upgraded, ...delivery("tls")] });
const inClear = connection({ said: [...ehlo, ["S", "250 smtp.example.test\r\n"], ...delivery("clear")] });
const held = connection({ said: [...ehlo, ["S", "250-smtp.example.test\r\n250 AUTH PLAIN\r\n"], ["C", "QUIT\r\n"]] });

/** A client that gets nearly everything wrong, in a different way each time. */
const careless: ClientReport = {
  id: "skua",
  title: "skua 0.9.1",
  configuration: "--tls-optional",
  command: ["skua", "--tls-optional", "--ca", "{ca}", "smtp://{host}:{port}"],
  advice: [
    { outcome: "leaked-credentials", change: "use --tls instead of --tls-optional" },
    { outcome: "leaked-message", change: "use --tls instead of --tls-optional" },
    { outcome: "hang", change: "use --patience" },
  ],
  runs: [
    run("H-starttls", "delivered-sealed", { evidence: ["1 accepted inside TLS"], connections: delivered }),
    run("A5-lower-case", "over-strict", {
      client: { exitCode: 64, signal: null, timedOut: false, output: "skua: no STARTTLS\n" },
    }),
    run("A1-removed-auth", "leaked-credentials", {
      evidence: ["connection 1: password in the clear", "connection 1: username in the clear"],
      connections: inClear,
    }),
    run("A2-220go", "leaked-message", { evidence: ["connection 1: body in the clear"], connections: inClear }),
    run("A9-nul", "leaked-envelope", { evidence: ["connection 1: sender in the clear"], connections: inClear }),
    run("A10-escapes", "held", {
      client: { exitCode: 69, signal: null, timedOut: false, output: hostileText },
      connections: connection({
        said: [...upgraded.slice(0, -1), ["S", `454 ${Buffer.from(hostileText).toString("latin1")}\r\n`]],
      }),
    }),
    run("B1-merging", "injected", { evidence: ["connection 1: AUTH PLAIN, which was offered only in the clear"] }),
    run("B1-whole-session", "false-success", { evidence: ["reported as sent, but no message was accepted"] }),
    run("B1-inside", "crash", { client: { exitCode: null, signal: "SIGSEGV", timedOut: false, output: "" } }),
    run("C2-other-host", "leaked-credentials", {
      evidence: ["connection 1: password in unproven TLS"],
      connections: connection({ said: [...upgraded, ...delivery("tls")], sealed: false }),
    }),
    run("D-tls10", "weak-tls", {
      evidence: ["connection 1: password in weak TLS"],
      connections: connection({ said: [...upgraded, ...delivery("tls")], protocol: "TLSv1", sealed: false }),
    }),
    run("G-drip-greeting", "hang", {
      client: { exitCode: null, signal: "SIGKILL", timedOut: true, output: "" },
      connections: connection({ said: Array.from("220-xxxxxxxxxxxxxxxx", (octet) => ["S", octet] as const) }),
    }),
    run("G-loses", "held", { connections: delivered }),
  ],
};

const careful: ClientReport = {
  id: "heron",
  title: "heron 2.0.0",
  configuration: "",
  command: ["heron", "send", "{message}"],
  runs: ids.map((id) =>
    id.startsWith("H-") || id === "A5-lower-case"
      ? run(id, "delivered-sealed", { evidence: ["1 accepted inside TLS"], connections: delivered })
      : run(id, "held", { connections: held }),
  ),
};

const broken: ClientReport = {
  id: "dodo",
  title: "dodo 1.0",
  configuration: "starttls(context)",
  command: ["dodo", "{host}"],
  runs: ids.map((id) =>
    run(id, "control-failed", {
      client: { exitCode: 1, signal: null, timedOut: false, output: `dodo: no such option\n${hostileText}\n` },
      connections: [],
    }),
  ),
};

export const sampleReport: Report = {
  format: "postseal-lab-report",
  version: 1,
  startedAt: "2026-11-07T09:30:00.000Z",
  durationMs: 48_250,
  isolation: "loopback",
  isolationNote:
    "This system allows no user namespaces, so that the usual ports and the system's trust store are not tried.",
  vectors: ids.map(factsOf),
  clients: [careless, careful, broken],
  absent: [
    { id: "msmtp", name: "msmtp" },
    { id: "swaks", name: "swaks" },
  ],
};

/** The report with only this client, as `lab run` makes it. */
export function sampleOf(id: "skua" | "heron" | "dodo"): Report {
  return { ...sampleReport, clients: sampleReport.clients.filter((client) => client.id === id), absent: [] };
}

function factsOf(id: string): VectorFacts {
  const { title, attack, duty, sources, severity, transport, expected } = vectorNamed(id);
  return { id, title, attack, duty, sources, severity, transport, expected };
}

/** As large as `lab matrix` makes it: this many client configurations under every vector, no two conversations alike. */
export function largeSample(configurations: number): Report {
  const facts = vectors.map(({ id }) => factsOf(id));
  const clients = Array.from({ length: configurations }, (_, number): ClientReport => {
    const { title, configuration, runs } = number % 5 === 0 ? careless : careful;
    return {
      id: `client-${number}`,
      title: `${title.split(" ")[0] ?? ""} ${Math.floor(number / 2)}.0.${number}`,
      configuration: configuration === "" ? `option-${number}` : configuration,
      command: ["client", "{host}"],
      runs: facts.map(({ id }, at) => unlikeOthers(runs[at % runs.length], id, `${number}.${at}`)),
    };
  });
  return { ...sampleReport, vectors: facts, clients };
}

/** The run with other Message-IDs, and with as much client output as there can be. */
function unlikeOthers(template: Run | undefined, vector: string, word: string): Run {
  if (template === undefined) throw new TypeError("a client has runs");
  return {
    ...template,
    vector,
    client: {
      ...template.client,
      output: `${word} connecting, and whatever else it has to tell\n`.repeat(99).slice(0, 4096),
    },
    connections: template.connections.map((record) => ({
      ...record,
      entries: record.entries.map((entry) =>
        entry.text.startsWith("Subject") ? { ...entry, text: `${entry.text}Message-ID: <${word}@x>\r\n` } : entry,
      ),
    })),
  };
}
