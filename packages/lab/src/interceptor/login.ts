/** A login that the proxy answers by itself: it takes the client's credentials, and passes them to nobody. */

/** Yields the proxy's replies; resume it with the client's lines, beginning with AUTH. */
export function* feign(mechanism: string, hasInitial: boolean): Generator<string, string, string> {
  const challenges = challengesOf(mechanism);
  for (const challenge of hasInitial ? challenges.slice(1) : challenges)
    if ((yield `334 ${challenge}\r\n`) === "*") return "501 5.7.0 Authentication cancelled\r\n";
  // Not 535: nobody checked the password, and a client may forget one that it believes wrong.
  return "454 4.7.0 Temporary authentication failure\r\n";
}

function challengesOf(mechanism: string): readonly string[] {
  switch (mechanism) {
    case "LOGIN":
      return ["Username:", "Password:"].map(base64);
    case "CRAM-MD5":
      return [base64("<1869.4471@smtp.example.test>")];
    default:
      // An empty challenge asks for what could have been the initial response.
      return [""];
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
