/** What is wrong with the files that the table `oauth` of an account names, as far as it shows without asking anybody. */
import type { Account } from "./account.ts";
import type { SecretReference } from "./secret-reference.ts";
import { textOfNamed } from "./named-file.ts";
import type { OauthKey, OauthSettings } from "./oauth.ts";
import { ConfigurationError, type Problem } from "./problem.ts";
import { secretProblem } from "./secret.ts";

export async function oauthProblems(account: Account, environment: NodeJS.ProcessEnv): Promise<readonly Problem[]> {
  const { oauth } = account;
  if (oauth === undefined) return [];
  const secrets = secretsOf(oauth).map((reference) => secretProblem(account, reference, environment));
  const found = await Promise.all([...secrets, ...filesOf(oauth).map((file) => problemWith(account, oauth, file))]);
  return found.filter((problem) => problem !== undefined);
}

function secretsOf({ application }: OauthSettings): readonly SecretReference<OauthKey>[] {
  if (application.acts === "service-account") return [application.keyFile];
  const { proof } = application;
  if (proof === undefined) return [];
  return [proof.by === "key" ? proof.key : proof.reference];
}

type NamedPath = readonly [key: OauthKey, path: string];

function filesOf({ application, ca }: OauthSettings): readonly NamedPath[] {
  const proof = application.acts === "service-account" ? undefined : application.proof;
  const certificate = proof?.by === "key" ? proof.certificate : undefined;
  const files = [
    ["ca", ca],
    ["client-certificate", certificate],
  ] as const;
  return files.flatMap(([key, path]): readonly NamedPath[] => (path === undefined ? [] : [[key, path]]));
}

async function problemWith(
  { file }: Account,
  { lineOf }: OauthSettings,
  [key, path]: NamedPath,
): Promise<Problem | undefined> {
  try {
    await textOfNamed({ file, line: lineOf(key), key, path, remedy: "Give a file in PEM" });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems[0];
    throw error;
  }
}
