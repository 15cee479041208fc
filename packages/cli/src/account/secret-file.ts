/** Names the file for a secret that the command was given. */

/** In the folder of config.toml. */
export function secretFileOf(account: string): string {
  return `${account.replace(/[^A-Za-z0-9_-]/g, "-")}.password`;
}
