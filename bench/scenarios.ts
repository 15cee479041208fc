/** The scenarios: what is sent, over which wire, and which clients take part. */
import type { LetterPlan } from "./client/letter.ts";

export type ScenarioId = "2kb" | "2kb-data" | "100kb" | "25mb" | "100-recipients" | "20ms" | "20ms-data";

export interface Scenario {
  readonly id: ScenarioId;
  readonly title: string;
  /** `film` is the path of the big file. */
  readonly letter: (film: string) => LetterPlan;
  /** Milliseconds that the wire adds to each round trip. */
  readonly roundTrip: number;
  /** Whether the sink offers CHUNKING; otherwise messages go by DATA. */
  readonly chunking: boolean;
  /** Clients that would show nothing new here. */
  readonly without: readonly string[];
}

export const FILM_SIZE: number = 25 * 1024 * 1024;

const small: LetterPlan = { recipients: 1, text: 1536 };
/** Interesting only with a far server: with a near one it lies between those with 1 and 64 in flight. */
const narrow = "postseal-16";
const inBulk: readonly string[] = [
  "nodemailer-5",
  "upyo-5",
  narrow,
  "postseal-64",
  "postseal-5",
  "postseal-ready-64",
  "raw-64",
];

/** Clients that send the same octets whether or not CHUNKING is offered. */
const indifferent: readonly string[] = ["upyo-1", "upyo-5", "emailjs", "smtplib", "curl"];

export const scenarios: readonly Scenario[] = [
  { id: "2kb", title: "2 KB, 1 recipient", letter: () => small, roundTrip: 0, chunking: true, without: [narrow] },
  {
    id: "2kb-data",
    title: "2 KB, 1 recipient, by DATA",
    letter: () => small,
    roundTrip: 0,
    chunking: false,
    without: [...indifferent, narrow],
  },
  {
    id: "100kb",
    title: "100 KB with an attachment, 1 recipient",
    letter: () => ({ recipients: 1, text: 1536, attachment: 72 * 1024 }),
    roundTrip: 0,
    chunking: true,
    without: [narrow],
  },
  {
    id: "25mb",
    title: "a file of 25 MB, 1 recipient",
    letter: (film) => ({ recipients: 1, text: 1536, file: film }),
    roundTrip: 0,
    chunking: true,
    without: inBulk,
  },
  {
    id: "100-recipients",
    title: "2 KB of text, 100 recipients",
    letter: () => ({ recipients: 100, text: 1536 }),
    roundTrip: 0,
    chunking: true,
    without: [narrow],
  },
  {
    id: "20ms",
    title: "2 KB, 1 recipient, over a wire with 20 ms of round-trip time",
    letter: () => small,
    roundTrip: 20,
    chunking: true,
    without: [],
  },
  {
    id: "20ms-data",
    title: "the same by DATA",
    letter: () => small,
    roundTrip: 20,
    chunking: false,
    without: [...indifferent, narrow],
  },
];
