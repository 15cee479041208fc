/** Names the files for secrets that the command was given. They are in the folder of config.toml. */

export function secretFileOf(account: string): string {
  return `${plain(account)}.password`;
}

/** The secret of the application that an account signs in as. */
export function clientSecretFileOf(account: string): string {
  return `${plain(account)}.client`;
}

function plain(account: string): string {
  return account.replace(/[^A-Za-z0-9_-]/g, "-");
}
