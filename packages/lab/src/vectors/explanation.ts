/** A vector in words: the same words for the terminal and for the page of all vectors. */
import { clearCapabilities, sealedCapabilities } from "./capabilities.ts";
import type { Demand, Expected, Script, Stage, Step, Transport, Vector } from "./vector.ts";

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export function explainVector(vector: Vector): readonly Section[] {
  const { id, title, attack, duty, sources, severity, transport, demand, reference, script, expected } = vector;
  return [
    { title: `${id}: ${title}`, lines: [`${TRANSPORTS[transport]}; severity: ${severity}`] },
    { title: "What the attacker does", lines: [attack] },
    { title: "What a correct client does", lines: [duty, EXPECTED[expected]] },
    {
      title: "How the impostor differs from an honest server",
      lines: [
        ...(reference === "address" ? ["The client is to connect to an IP address."] : []),
        ...(reference === "deepName"
          ? ["The client is to connect to a name two labels below the domain of the certificate."]
          : []),
        ...scriptLines(script),
      ],
    },
    ...(demand === undefined ? [] : [{ title: "When it is played", lines: [DEMANDS[demand]] }]),
    { title: "Sources", lines: sources },
  ];
}

const TRANSPORTS: Readonly<Record<Transport, string>> = {
  starttls: "STARTTLS, port 587",
  implicit: "implicit TLS, port 465",
};

const EXPECTED: Readonly<Record<Expected, string>> = {
  held: "Expected: held. The client gives nothing away, and reports a failure.",
  "delivered-sealed": "Expected: delivered-sealed. A refusal is over-strict, which is reported but is no failure.",
  either: "Expected: held or delivered-sealed. It is safe to go on, and careful to give up.",
  unknown:
    "Expected: held. The server has the whole message and never says whether it takes it, so the client must not report success.",
};

const DEMANDS: Readonly<Record<Demand, string>> = {
  "post-quantum": "With --post-quantum: for a client that is set to accept only post-quantum key exchanges.",
  "current-practice":
    "With --strict: for a client that claims all of RFC 9325 and RFC 9525. Common TLS libraries do not do this by default.",
};

/** The moments that are not verbs. */
const MOMENTS: ReadonlyMap<string, string> = new Map([
  ["greeting", "at the greeting"],
  ["final", "after the message"],
]);

function scriptLines({ certificate, profile, asksForCertificate, clear, tls, cut, next }: Script): readonly string[] {
  const lines = [
    ...(certificate === undefined ? [] : [`Its certificate: ${spaced(certificate)}.`]),
    ...(profile === undefined ? [] : [`Its TLS: ${spaced(profile)}.`]),
    ...(asksForCertificate === true ? ["It asks the client for a certificate."] : []),
    ...stageLines("In the clear", clear, clearCapabilities),
    ...stageLines("Inside TLS", tls, sealedCapabilities),
    ...(cut === undefined ? [] : [`The connection ends by ${cut.by} after octet ${cut.after} of the ${cut.of}.`]),
    ...(next === undefined ? [] : scriptLines(next).map((line) => `On the next connection: ${line}`)),
  ];
  return lines.length === 0 ? ["Not at all."] : lines;
}

function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function stageLines(where: string, stage: Stage | undefined, honest: readonly string[]): readonly string[] {
  if (stage === undefined) return [];
  const { capabilities = honest, on = {}, only = {}, after = {}, hold, scram } = stage;
  const offered = offer(capabilities, honest);
  const times = new Map(Object.entries(only));
  const earlier = new Map(Object.entries(after));
  return [
    ...(offered === "" ? [] : [`${where}, EHLO ${offered}.`]),
    ...Object.entries(on).map(([moment, steps]) => {
      const time = times.get(moment);
      const before = earlier.get(moment);
      const when = `${MOMENTS.get(moment) ?? `at ${moment}`}${before === undefined ? "" : `, if ${before} came before it`}`;
      return `${where}, ${when}${time === undefined ? "" : ` (only number ${time})`}: ${steps.map(inWords).join("; ")}.`;
    }),
    ...(scram === undefined ? [] : [`${where}, its SCRAM has a fault: ${scram.replaceAll("-", " ")}.`]),
    ...(hold === undefined
      ? []
      : [
          `${where}, the first answer comes after ${hold.first} ms and each later one after ${hold.later} ms: a client that speaks before it has an answer from the clear.`,
        ]),
  ];
}

/** As the difference from the honest offer, if that is shorter; empty if there is none. */
function offer(capabilities: readonly string[], honest: readonly string[]): string {
  const without = honest.filter((line) => !capabilities.includes(line));
  const added = capabilities.filter((line) => !honest.includes(line));
  if (capabilities.length === 0) return "offers nothing";
  if (without.length + added.length > capabilities.length) return `offers only ${capabilities.join(", ")}`;
  const parts = [
    ...(without.length === 0 ? [] : [`leaves out ${without.join(", ")}`]),
    ...(added.length === 0 ? [] : [`adds ${added.join(", ")}`]),
  ];
  return parts.join(" and ");
}

function inWords(step: Step): string {
  switch (step.do) {
    case "honest":
      return "gives the honest answer";
    case "say":
      return `says ${shown(step.text)}${step.every === undefined ? "" : `, an octet every ${step.every} ms`}`;
    case "inject":
      return `says ${shown(step.text)} in the clear, below TLS`;
    case "repeat":
      return `says ${shown(step.text)} ${step.times === undefined ? "for ever" : `${step.times} times`}`;
    case "wait":
      return `waits ${step.milliseconds} ms`;
    case "hear":
      return "waits until the client says something";
    case "swallow":
      return "drops what comes next";
    case "take-body":
      return step.unlessCommand === true ? "reads a body, or answers the command that comes instead" : "reads a body";
    case "keep":
      return "keeps the message";
    case "tls":
      return step.stallAfter === undefined ? "starts TLS" : `starts TLS, and stalls after ${step.stallAfter} octets`;
    case "renegotiate":
      return "asks for another handshake";
    case "stall":
      return "says nothing more, and does not close";
    case "close":
      return "closes (FIN)";
    case "reset":
      break;
  }
  return "resets (RST)";
}

const LONGEST = 120;

function shown(text: string): string {
  const quoted = JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return quoted.length <= LONGEST ? quoted : `${quoted.slice(0, LONGEST)}…" (${text.length} octets)`;
}
