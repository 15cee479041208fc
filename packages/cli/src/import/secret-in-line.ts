/** Tells whether a shell line may hold a secret itself, and so must not be copied into a configuration. */

/** Removed, as a shell does: `e"ch"o` is `echo`. */
const QUOTES = /["'\\]/g;
const SIGNS: readonly RegExp[] = [
  // Programs that print their own arguments, with any path and inside any shell.
  /(?:^|[^\w.-])(?:echo|printf)(?![\w.-])/i,
  // The same in programming languages, unless they print a variable, as `awk '{print $2}'` does.
  /(?:^|[^\w.-])(?:print|puts|say|yes)[ \t(]+[^ \t$(){};|&]/i,
  // Text for standard input: <<< and <<.
  /<</,
  // PASSWORD=hunter2, also as an argument of env.
  /(?:^|[\s;&|({`])[A-Za-z_]\w*=[^\s;&|)]/,
  // gpg --passphrase hunter2, openssl -pass pass:hunter2, curl smtp://alice:hunter2@host.
  /--passphrase[=\s]+[^\s-]/i,
  /(?:^|[\s=])pass:[^\s]/i,
  /:\/\/[^\s/@:]*:[^\s/@]+@/,
];

/** Errs on the safe side: whatever might be a secret counts as one. */
export function mayHoldSecret(line: string): boolean {
  const bare = line.replace(QUOTES, "");
  return SIGNS.some((sign) => sign.test(bare));
}
