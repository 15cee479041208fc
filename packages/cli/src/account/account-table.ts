/** Reads `[accounts.NAME]`. The library judges later whether the server, certificates and pins are usable. */
import { mechanismNames, minimums, tokenMechanisms } from "@postseal/mailer/mechanisms";
import { mechanismNamed } from "../mechanism.ts";
import { nearest } from "@postseal/mailer/nearest";
import { type Account, type AccountKey, accountKeys } from "./account.ts";
import { oauthOf } from "./oauth-keys.ts";
import { outboxOf } from "./outbox-keys.ts";
import { passwordTimeoutOf, secretKeys, secretOf } from "./secret-keys.ts";
import { serverOf, usernameOf } from "./server-keys.ts";
import { type Reading, TableReader } from "./table-reader.ts";
import { tlsOf } from "./tls-keys.ts";
import type { TomlTable } from "./toml-document.ts";
import { sendmailOf } from "./sendmail-keys.ts";
import { BY_REFERENCE, explainKey, literalKeys } from "./unknown-key.ts";

/** `undefined` if it has problems, which are then in `reading`. */
export function accountOf(name: string, table: TomlTable, reading: Reading): Account | undefined {
  const before = reading.problems.length;
  const reader = new TableReader<AccountKey>(table, ["accounts", name], reading);
  reader.refuseUnknown(accountKeys, explainKey);
  const server = serverOf(reader);
  const username = usernameOf(reader, server);
  const secret = secretOf(reader, reading.file);
  const account = {
    name,
    file: reading.file,
    username,
    from: fromOf(reader),
    tls: tlsOf(reader, reading.file),
    minimum: reader.word("minimum", minimums),
    mechanism: mechanismOf(reader),
    secret,
    oauth: oauthOf(reader, name, reading),
    passwordTimeout: passwordTimeoutOf(reader, secret),
    outbox: outboxOf(reader),
    lineOf: (key: AccountKey) => reader.lineOf(key),
  };
  judgeLogin(account, table, reader);
  const sendmail = sendmailOf(reader, reading.file, account.from);
  return server === undefined || reading.problems.length > before ? undefined : { ...account, server, sendmail };
}

function fromOf(reader: TableReader<AccountKey>): readonly string[] {
  const from = reader.texts("from", 'Write from = ["alice@example.com"], or ["@example.com"] for a whole domain') ?? [];
  for (const address of from) {
    if (/^[^\s<>,@]*@[^\s<>,@]+$/.test(address)) continue;
    reader.problem(
      "from",
      `"${address}" is neither an address nor a domain`,
      "Write alice@example.com, without a name, or @example.com for a whole domain",
    );
  }
  return from;
}

function mechanismOf(reader: TableReader<AccountKey>): Account["mechanism"] {
  const remedy = `Write one of: ${mechanismNames.join(", ")}; or leave it out, and the strongest that the server offers is used`;
  const written = reader.text("mechanism", remedy);
  if (written === undefined) return undefined;
  const mechanism = mechanismNamed(written);
  if (mechanism === undefined) reader.problem("mechanism", "mechanism is not the name of a mechanism", remedy);
  return mechanism;
}

function judgeLogin(
  account: Omit<Account, "server" | "sendmail">,
  table: TomlTable,
  reader: TableReader<AccountKey>,
): void {
  const { username, secret, mechanism, minimum, tls } = account;
  if (reader.has("oauth")) judgeOauth(account, reader);
  if (mechanism === "EXTERNAL") {
    if (secret !== undefined)
      reader.problem(secret.key, "EXTERNAL takes no password or token", `Leave ${secret.key} out`);
    if (tls.clientCertificate === undefined) {
      reader.problem(
        "mechanism",
        "EXTERNAL logs in with a client certificate",
        "Give client-certificate and client-key",
      );
    }
  } else if (secret === undefined && username !== undefined && !hasSecretKey(table)) {
    reader.problem(
      reader.has("username") ? "username" : "server",
      "there is a user, but no password",
      `${BY_REFERENCE}. For a relay that takes no login leave the user out`,
    );
  } else if ((secret ?? account.oauth) !== undefined && username === undefined) {
    reader.problem(
      secret?.key ?? "oauth",
      "there is a password or token, but no user",
      'Write server = "submission://USER@HOST", or username',
    );
  }
  if (minimum === undefined) return;
  if (secret?.use === "token" || account.oauth !== undefined) {
    reader.problem("minimum", "minimum is about passwords, and this account has a token", "Leave minimum out");
  }
  const reached = minimum === "scram" ? mechanism?.startsWith("SCRAM-") : mechanism?.endsWith("-PLUS");
  if (reached === false) {
    reader.problem("mechanism", "mechanism is weaker than minimum allows", "Leave one of the two out");
  }
}

/** The tokens of `oauth` are the login, and there is only one. */
function judgeOauth(
  { secret, mechanism }: Pick<Account, "secret" | "mechanism">,
  reader: TableReader<AccountKey>,
): void {
  if (secret !== undefined)
    reader.problem(secret.key, `oauth and ${secret.key} exclude each other`, "Keep one of them");
  if (mechanism !== undefined && !tokenMechanisms.some((one) => one === mechanism))
    reader.problem(
      "mechanism",
      `${mechanism} takes no token`,
      `Write one of: ${tokenMechanisms.join(", ")}; or leave it out`,
    );
}

/** Whether some key is about a secret, even a wrong or a misspelt one: that mistake is already reported, and one report is enough. */
function hasSecretKey(table: TomlTable): boolean {
  if (["oauth", ...secretKeys, ...literalKeys].some((key) => Object.hasOwn(table, key))) return true;
  const secrets = new Set<string>(secretKeys);
  return Object.keys(table).some((key) => secrets.has(nearest(key, accountKeys) ?? ""));
}
