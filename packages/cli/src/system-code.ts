/** The system's code of a failure, as ` (ENOENT)`, to append to a message; empty if it has none. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
}
