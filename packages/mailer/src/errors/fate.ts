/** One sentence for an error: what became of a message if we, not the server, ended the send. */
export function describeFate(unknown: boolean): string {
  return unknown
    ? "The whole message had been handed over, so it may have been taken or not: look before sending it again."
    : "Nothing was taken.";
}
