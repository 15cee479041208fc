/** `postseal outbox work`: sends what is in the outbox, until a signal, or with --once until nothing is due any more. */
import { MailError, observe } from "@postseal/mailer";
import type { Outbox, OutboxEvent } from "@postseal/outbox";
import { configurationPaths, readConfiguration, searched } from "../account/configuration-file.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { Interruption, interruptible } from "../interruption.ts";
import { errors, output } from "../output.ts";
import { reasonOf } from "../reason.ts";
import { exitCodeOf } from "../result/exit-code.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { outboxAccountsOf } from "./accounts.ts";
import { formatMoment } from "./moment.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type WorkOption } from "./options.ts";
import { outboxToBe } from "./outbox-file.ts";
import { stopsOf, tellStats } from "./stats.ts";
import { eventLine, reasonText } from "./telling.ts";

/** In seconds. Shorter than the 90 of systemd and the 30 of Kubernetes, after which they kill. */
const GRACE = 25;

export const work: Subcommand = subcommand({ options: outboxOptions.work, run: workOn });

async function workOn(given: Arguments<WorkOption>): Promise<number> {
  const grace = graceOf(given.one("grace")) * 1_000;
  const configuration = await readConfiguration(configurationPaths(process.env));
  if (configuration.accounts.length === 0)
    throw new CommandError(
      "CLI_CONFIGURATION",
      `there is no account to send through: postseal account add makes one. There is none in ${searched(process.env)}`,
    );
  const accounts = await outboxAccountsOf(configuration.accounts);
  const file = await outboxToBe(given.one("outbox"), configuration);
  const isSpoken = !given.has("json");
  // A second signal ends the process at once.
  const { signal, release } = interruptible();
  try {
    return await withOutbox(file, { accounts }, async (outbox) => {
      if (isSpoken && !given.has("once")) {
        output.line(`working on ${file} through ${Object.keys(accounts).join(", ")}; Ctrl-C ends it`);
        await tellStops(outbox);
      }
      const log = isSpoken ? await logOf(outbox, file) : undefined;
      try {
        await (given.has("once") ? drain(outbox, signal, grace) : workUntil(outbox, signal, grace));
        // Not to cron, which would mail it every minute, perhaps into this outbox.
        if (isSpoken && given.has("once") && errors.isTerminal) await tellStops(outbox);
      } finally {
        await log?.end();
      }
      return given.has("json") ? await tellStats(outbox, true) : exits.done.code;
    });
  } catch (error) {
    if (!(error instanceof Interruption) || !isSpoken) throw error;
    return tellInterrupted(error);
  } finally {
    release();
  }
}

/** Says what does not go although it is due. Otherwise somebody would wait for it in vain. */
async function tellStops(outbox: Outbox): Promise<void> {
  for (const line of stopsOf(await outbox.stats())) errors.line(line, { isWrapped: errors.isTerminal });
}

/** Returns the exit code. */
function tellInterrupted(error: Interruption): number {
  const exitCode = exitCodeOf({ kind: "failed", error });
  errors.line(`postseal: ${error.message}: what was under way has ended, and the rest waits`);
  errors.line(`  exit ${exitCode}`);
  return exitCode;
}

/** Works until the signal, then gives what is under way `grace` milliseconds. Rejects if the outbox fails for good. */
async function workUntil(outbox: Outbox, signal: AbortSignal, grace: number): Promise<void> {
  const failure = Promise.withResolvers<never>();
  const worker = outbox.work({ onFailure: failure.reject });
  await Promise.race([aborted(signal), failure.promise]);
  tellEnding(grace);
  await worker.close({ grace });
}

/** Rejects with the signal's reason if it ends the work before everything that was due was tried. */
async function drain(outbox: Outbox, signal: AbortSignal, grace: number): Promise<void> {
  const drained = outbox.drain();
  const isOver = await Promise.race([drained.then(() => true), aborted(signal).then(() => false)]);
  if (isOver) return;
  tellEnding(grace);
  await outbox.close({ grace });
  await drained.catch(() => undefined);
  throw signal.reason;
}

function tellEnding(grace: number): void {
  errors.line(`ending: what is under way has ${grace / 1_000} s; a second signal ends it at once`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

interface WorkLog {
  /** Writes what has happened until now, and stops. */
  end(): Promise<void>;
}

/** A line for each thing that happens: on standard output if a message arrived, on standard error if somebody may have to look. */
async function logOf(outbox: Outbox, file: string): Promise<WorkLog> {
  let { lastEvent: last } = await outbox.stats();
  const stop = new AbortController();
  const write = (event: OutboxEvent): void => {
    last = event.seq;
    (isGood(event) ? output : errors).line(eventLine(event), { isWrapped: false });
  };
  const observing = observe({
    "connection.closed": ({ server: { host, port }, error }) => {
      if (error === undefined) return;
      const reason = reasonOf(error);
      // It was ended here, after a signal. What that means for each message is in the events.
      if (reason instanceof MailError && reason.code === "MAIL_ABORTED") return;
      const why = reasonText(reason instanceof Error ? reason.message : String(reason));
      const named = why.includes(`${host}:${port}`) ? why : `${host}:${port}: ${why}`;
      errors.line(`${formatMoment(Date.now())} ${named}`, { isWrapped: false });
    },
  });
  const following = (async () => {
    for await (const event of outbox.events({ after: last, follow: true, signal: stop.signal })) write(event);
    // If the outbox has failed, its own error says so.
  })().catch(() => undefined);
  return {
    end: async () => {
      stop.abort();
      observing[Symbol.dispose]();
      await following;
      // Opened anew: a signal has work --once close the outbox, and then something may be in doubt.
      const rest = withOutbox(file, {}, async (again) => {
        for await (const event of again.events({ after: last })) write(event);
      });
      await rest.catch(() => undefined);
    },
  };
}

const GOOD: ReadonlySet<string> = new Set(["finish", "resolve", "retry", "cancel"]);

function isGood({ kind, recipients }: OutboxEvent): boolean {
  return GOOD.has(kind) && recipients.every(({ outcome }) => outcome !== "refused");
}

/** In seconds. Throws `CommandError` (`CLI_USAGE`). */
function graceOf(word: string | undefined): number {
  if (word === undefined) return GRACE;
  if (/^\d{1,4}$/.test(word)) return Number(word);
  throw new CommandError("CLI_USAGE", "--grace must be a whole number of seconds, from 0 to 9999");
}
