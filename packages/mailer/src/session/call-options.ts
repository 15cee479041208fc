/** The options of one call: a signal, and a function that hears how far the message has come. */
import { Containment } from "../diagnostics/containment.ts";
import type { Sighting } from "../diagnostics/sighting.ts";
import { InputError } from "../errors/input-error.ts";
import { type BeforeHandover, type Question, questionFor } from "../net/before-handover.ts";
import type { Progress } from "../net/body-writer.ts";
import { readOptions, withoutPrototype } from "../policy/own-options.ts";
import type { Timeouts } from "../policy/timeouts.ts";

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called as the message goes out: octets handed over so far, and octets in all if that is known. */
  readonly progress?: Progress | undefined;
  /**
   * How often a mailer tries a recipient who is proved unsent. Default 2. With 1 the caller hears of every lost connection, and
   * decides itself. A session has one connection, and so one attempt.
   */
  readonly attempts?: 1 | 2 | undefined;
  /**
   * Called and awaited before the octets that complete the message can be handed to the connection: at least once for each
   * attempt, and for each part of a message to many recipients. If it throws or rejects, or has not answered within
   * `timeouts.handover`, the send ends with an `AbortedError` whose cause is that, and the recipients who were not decided before are `unsent`. It may be called again for the same message.
   */
  readonly beforeHandover?: BeforeHandover | undefined;
}

/** The options of one call, judged, and what observers know of it. */
export interface CallOptions extends Omit<SendOptions, "beforeHandover"> {
  /** Made of the caller's function. */
  readonly beforeHandover?: Question | undefined;
  readonly sighting?: Sighting | undefined;
}

const PLACE = { field: "", code: "MAIL_INPUT_OPTION" } as const;
const SEND_NAMES: ReadonlySet<string> = new Set(["signal", "progress", "attempts", "beforeHandover"]);
const SIGNAL_NAMES: ReadonlySet<string> = new Set(["signal"]);

/** The options of a call without options; they need not be read. */
export const NO_OPTIONS: SendOptions = withoutPrototype({});

/** Throws `InputError`: an AbortController in place of its signal would abort nothing. */
export function readSendOptions(given: SendOptions): SendOptions {
  if (given === NO_OPTIONS) return given;
  const options = readOptions(given, SEND_NAMES, PLACE);
  // defence: signal-is-a-signal
  checkSignal(options.signal);
  for (const name of ["progress", "beforeHandover"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw new InputError("MAIL_INPUT_OPTION", name, "must be a function");
  judgeAttempts(options.attempts);
  return options.progress === undefined
    ? options
    : withoutPrototype({ ...options, progress: withoutRejections(options.progress) });
}

/** `options` have been read. */
export function callOptions(options: SendOptions, sighting: Sighting | undefined, { handover }: Timeouts): CallOptions {
  // Nearly all calls ask nobody.
  if (asksNobody(options)) return sighting === undefined ? options : withoutPrototype({ ...options, sighting });
  const { beforeHandover, ...rest } = options;
  const question = beforeHandover === undefined ? undefined : questionFor(beforeHandover, handover);
  return withoutPrototype({ ...rest, sighting, beforeHandover: question });
}

function asksNobody(options: SendOptions): options is SendOptions & { readonly beforeHandover?: undefined } {
  return options.beforeHandover === undefined;
}

function judgeAttempts(attempts: unknown): void {
  if (attempts === undefined || attempts === 1 || attempts === 2) return;
  throw new InputError("MAIL_INPUT_OPTION", "attempts", "must be 1 or 2");
}

/** If it throws, the send fails. If it is async and rejects, it may be too late for that, and must not end the process either. */
function withoutRejections(progress: Progress): Progress {
  const containment = new Containment("The function progress");
  // defence: progress-that-rejects-is-contained
  return (sent, total) => containment.await(progress(sent, total));
}

/** The options of a session's call. Throws `InputError`. */
export function readSessionSendOptions(given: SendOptions): SendOptions {
  const options = readSendOptions(given);
  if (options.attempts !== 2) return options;
  throw new InputError(
    "MAIL_INPUT_OPTION",
    "attempts",
    "must be 1 here: a session has one connection. A mailer makes a second attempt",
  );
}

/** The signal of a call that has no other option. Throws `InputError`. */
export function readSignal(given: { readonly signal?: AbortSignal | undefined }): AbortSignal | undefined {
  const { signal } = readOptions(given, SIGNAL_NAMES, PLACE);
  checkSignal(signal);
  return signal;
}

export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || isSignal(signal)) return;
  throw new InputError(
    "MAIL_INPUT_OPTION",
    "signal",
    "must be an AbortSignal; if you have an AbortController, pass its signal",
  );
}

/** By what is used of it: a signal may come from another realm, as in some test runners. */
function isSignal(signal: AbortSignal): boolean {
  return (
    typeof signal?.addEventListener === "function" &&
    typeof signal.removeEventListener === "function" &&
    typeof signal.aborted === "boolean"
  );
}
