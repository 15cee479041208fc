/** What the system called a failure (`ENOENT`), for after a message: in brackets, with a space before it, or nothing. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
}
