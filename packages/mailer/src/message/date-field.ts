/** The Date field (RFC 5322 section 3.3): now, a moment in UTC, or a moment with its offset. */
import { types } from "node:util";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { formatField } from "./header-field.ts";

/** RFC 3339 section 5.6. */
const ZONED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;
const WRITTEN = 'Give a Date, or a text with an offset: "2026-11-28T12:00:00+01:00".';

/** The Date field of the current second, cached: many messages share it. */
let [thisSecond, thisSecondsField] = [Number.NaN, ""];

/** Throws `InputError` (`MAIL_INPUT_HEADER`). */
export function dateField(date: Date | string | undefined): string {
  if (typeof date === "string") return zonedField(date);
  if (date !== undefined) return formatDate(date);
  const now = Date.now();
  const second = now - (now % 1000);
  if (second !== thisSecond) [thisSecond, thisSecondsField] = [second, formatDate(new Date(second))];
  return thisSecondsField;
}

/** Only the time is read from the Date: a subclass may write its own text, and with it inject a header line. */
function formatDate(given: Date): string {
  // defence: time-of-a-date-alone
  const date = new Date(types.isDate(given) ? Date.prototype.getTime.call(given) : Number.NaN);
  if (!hasYear(date)) throw refusal(`is not a moment between the years 1900 and 9999. ${WRITTEN}`);
  return written(date, "+0000");
}

/** A clock reading and how far it is from UTC: both are written as they were given. */
function zonedField(text: string): string {
  const [, reading = "", sign = "+", hours = "00", minutes = "00"] = ZONED.exec(text) ?? [];
  const date = new Date(`${reading}Z`);
  // Date carries 30 February over into March.
  const isReal = hasYear(date) && date.toISOString().startsWith(reading);
  if (!isReal || Number(hours) > 23 || Number(minutes) > 59)
    throw refusal(`"${shown(text)}" is not a moment between the years 1900 and 9999. ${WRITTEN}`);
  return written(date, `${sign}${hours}${minutes}`);
}

function hasYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 9999;
}

function written(reading: Date, offset: string): string {
  return formatField("Date", [reading.toUTCString().replace("GMT", offset)]);
}

function refusal(why: string): InputError {
  return new InputError("MAIL_INPUT_HEADER", "date", why);
}
