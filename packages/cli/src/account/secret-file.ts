/** Where the command puts a secret that it was given: into a file of its own. */

/** Beside config.toml. */
export function secretFileOf(account: string): string {
  return `${account.replace(/[^A-Za-z0-9_-]/g, "-")}.password`;
}
