/** Which versions of SQLite may be used: older ones can lose what was committed. */
import { OutboxError } from "../errors/outbox-error.ts";

type Version = readonly [number, number, number];

/**
 * The first version without the WAL-reset bug, by which two processes that write at once can damage the database; and the versions
 * in older lines that have the correction too.
 */
const FIRST: Version = [3, 51, 3];
const CORRECTED: readonly Version[] = [
  [3, 50, 7],
  [3, 44, 6],
];

/** `library`: the module that brings it, if it is not Node. Throws `OutboxError` (`OUTBOX_SQLITE_UNSAFE`). */
export function assertSafe(version: string, library?: string): void {
  // defence: sqlite-keeps-what-it-committed
  if (isSafe(version)) return;
  throw new OutboxError(
    "OUTBOX_SQLITE_UNSAFE",
    `${library ?? "This Node"} brings SQLite ${version}, which can damage a database that two processes write to. The outbox needs SQLite ` +
      `3.51.3 or newer: use ${library === undefined ? "Node 22.22.3 or newer in the 22 line, or Node 24.15 or newer" : "a newer version of that library"}.`,
  );
}

export function isSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const found: Version = [major, minor, patch];
  return (
    isAtLeast(found, FIRST) ||
    CORRECTED.some(([first, second, third]) => major === first && minor === second && patch >= third)
  );
}

function isAtLeast(one: Version, other: Version): boolean {
  for (const [place, number] of one.entries()) {
    const least = other[place] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
