/** Reads the times and spans that options take. */
import { CommandError } from "../command-error.ts";

/** In milliseconds. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Milliseconds. Throws `CommandError` (`CLI_USAGE`). */
export function spanOf(word: string, option: string): number {
  const span = readSpan(word);
  if (span !== undefined) return span;
  throw new CommandError("CLI_USAGE", `--${option} must be a number and s, m, h or d, such as 90s or 7d`);
}

/** A time with its offset, or a span from now. Throws `CommandError` (`CLI_USAGE`). */
export function momentOf(word: string, option: string, now: number): Date {
  const span = readSpan(word);
  const time = span === undefined ? readTime(word) : now + span;
  if (time !== undefined) return new Date(time);
  throw new CommandError(
    "CLI_USAGE",
    `--${option} must be a time with its offset, such as 2026-12-24T18:00:00+01:00 or …Z, or a span from now, such as 30m or 2d`,
  );
}

/** As programs read it, without fractions. */
export function formatMoment(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function readSpan(word: string): number | undefined {
  const [, amount = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(word) ?? [];
  const length = UNITS.get(unit);
  return length === undefined ? undefined : Number(amount) * length;
}

/** RFC 3339, since a time without an offset is another time on another machine. */
function readTime(word: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:Z|[+-]\d\d:\d\d)$/.exec(word);
  const [, local = ""] = match ?? [];
  const [time, written] = [Date.parse(word), Date.parse(`${local}Z`)];
  // A day that the month does not have would be read as one of the next month.
  const exists = Number.isFinite(written) && new Date(written).toISOString().startsWith(local);
  return exists && Number.isFinite(time) ? time : undefined;
}
