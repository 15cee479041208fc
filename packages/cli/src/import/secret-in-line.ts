/** Whether a line for a shell may hold a secret itself, so that it must not be copied into a configuration. */

/** As a shell takes them: `e"ch"o` is `echo`. */
const QUOTES = /["'\\]/g;
const SIGNS: readonly RegExp[] = [
  // Programs that print their own words, by whatever path and within whatever shell they are called.
  /(?:^|[^\w.-])(?:echo|printf)(?![\w.-])/i,
  // Those of languages, unless they print a variable, as `awk '{print $2}'` does.
  /(?:^|[^\w.-])(?:print|puts|say|yes)[ \t(]+[^ \t$(){};|&]/i,
  // Text for standard input: <<< and <<.
  /<</,
  // PASSWORD=hunter2; also as a word of env.
  /(?:^|[\s;&|({`])[A-Za-z_]\w*=[^\s;&|)]/,
  // gpg --passphrase hunter2, openssl -pass pass:hunter2, curl smtp://alice:hunter2@host.
  /--passphrase[=\s]+[^\s-]/i,
  /(?:^|[\s=])pass:[^\s]/i,
  /:\/\/[^\s/@:]*:[^\s/@]+@/,
];

/** Errs on the safe side: what could not be told apart from a secret is one. */
export function mayHoldSecret(line: string): boolean {
  const bare = line.replace(QUOTES, "");
  return SIGNS.some((sign) => sign.test(bare));
}
