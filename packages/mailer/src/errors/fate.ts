/** One sentence for an error: what became of a message if we, not the server, ended the send. */
export function describeFate(unknown: boolean): string {
  return unknown
    ? "The whole message had been handed over, and the server may or may not have taken it: check before sending it again."
    : "Nothing was taken.";
}
