/** What became of a message whose send was ended from our side, as a sentence of its error. */
export function describeFate(unknown: boolean): string {
  return unknown
    ? "The whole message had been handed over, so it may have been taken or not: look before sending it again."
    : "Nothing was taken.";
}
