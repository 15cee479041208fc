/** One client's process: opens its library's driver, sends as ordered, and measures time, CPU and memory. */
import { performance } from "node:perf_hooks";
import type { Contestant, DriverName } from "../contestants.ts";
import { answerQuestions, isRecordWith } from "../rig/worker.ts";
import type { Driver, Endpoint, Habits } from "./driver.ts";
import { createWriter, type Letter, type LetterPlan } from "./letter.ts";

export interface ClientSetup {
  readonly contestant: Contestant;
  readonly endpoint: Endpoint;
  readonly letter: LetterPlan;
}

export interface Order {
  readonly count: number;
  readonly open: number;
}

export interface Effort {
  /** Elapsed time. */
  readonly seconds: number;
  /** Seconds of CPU. */
  readonly cpu: number;
  /** The most memory since the process began, in octets. */
  readonly peak: number;
}

let driver: Driver | undefined;

answerQuestions({
  open: async (setup) => {
    if (!isSetup(setup)) throw new TypeError("not a setup");
    const { contestant, endpoint, letter } = setup;
    driver = await open(contestant.driver, endpoint, createWriter(letter), contestant);
  },
  run: async (order): Promise<Effort> => {
    if (!isOrder(order) || driver === undefined) throw new TypeError("not an order");
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    const usage = await driver.run(order.count, order.open);
    const seconds = (performance.now() - before) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const own = { cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 };
    return { seconds, ...(usage ?? own) };
  },
  close: () => driver?.close(),
});

/** Each process loads only one library, so that its memory is that library's. */
async function open(
  name: DriverName,
  endpoint: Endpoint,
  write: (index: number) => Letter,
  habits: Habits,
): Promise<Driver> {
  switch (name) {
    case "postseal":
      return (await import("./postseal.ts")).openPostseal(endpoint, write, habits);
    case "nodemailer":
      return (await import("./nodemailer.ts")).openNodemailer(endpoint, write, habits);
    case "upyo":
      return (await import("./upyo.ts")).openUpyo(endpoint, write, habits);
    case "emailjs":
      return (await import("./emailjs.ts")).openEmailjs(endpoint, write);
    case "raw":
      return (await import("./raw.ts")).openRaw(endpoint, write, habits);
    case "smtplib":
    case "curl":
      return (await import("./external.ts")).openExternal(name, endpoint, write);
    default:
      throw new TypeError(`no driver ${String(name satisfies never)}`);
  }
}

const isSetup: (value: unknown) => value is ClientSetup = isRecordWith<ClientSetup>("contestant");
const isOrder: (value: unknown) => value is Order = isRecordWith<Order>("count");
