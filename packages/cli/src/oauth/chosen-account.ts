/** Finds the account that a subcommand about sign-ins names. */
import { accountNamed } from "../account/choice.ts";
import { configurationPaths, readConfiguration } from "../account/configuration-file.ts";
import { CommandError } from "../command-error.ts";
import { isSigning, type SigningAccount } from "./signing-account.ts";

/** `name`: may be left out if only one account signs in. Throws `CommandError`. */
export async function accountToSignIn(
  name: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<SigningAccount> {
  const configuration = await readConfiguration(configurationPaths(environment));
  const signing = configuration.accounts.filter(isSigning);
  if (name !== undefined) {
    const account = accountNamed(name, configuration);
    if (isSigning(account)) return account;
    const how = "postseal account add --oauth makes an account that does";
    throw new CommandError("CLI_USAGE", `the account ${account.name} does not sign in by OAuth: ${how}`);
  }
  const [only, ...others] = signing;
  if (only === undefined)
    throw new CommandError("CLI_USAGE", "no account signs in by OAuth: postseal account add --oauth makes one");
  if (others.length > 0)
    throw new CommandError("CLI_USAGE", `name the account: ${signing.map((one) => one.name).join(", ")}`);
  return only;
}
