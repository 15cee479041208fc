/** A login that the proxy answers by itself: it hears the client out, and tells nobody. */

/** Yields the replies, is resumed with the client's lines, the first of them AUTH. */
export function* feign(mechanism: string, hasInitial: boolean): Generator<string, string, string> {
  const challenges = challengesOf(mechanism);
  for (const challenge of hasInitial ? challenges.slice(1) : challenges)
    if ((yield `334 ${challenge}\r\n`) === "*") return "501 5.7.0 Authentication cancelled\r\n";
  // Not 535: nobody has found the password wrong, and a client may forget it over that.
  return "454 4.7.0 Temporary authentication failure\r\n";
}

function challengesOf(mechanism: string): readonly string[] {
  switch (mechanism) {
    case "LOGIN":
      return ["Username:", "Password:"].map(base64);
    case "CRAM-MD5":
      return [base64("<1869.4471@smtp.example.test>")];
    default:
      // What comes as an initial response otherwise.
      return [""];
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
