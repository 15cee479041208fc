/** The options of each subcommand: what they take, and whether they repeat. */

export interface OptionKind {
  /** `flag` takes no value; `list` may be given several times. */
  readonly takes: "flag" | "value" | "list";
}
export type ServerOptionName =
  | "account"
  | "server"
  | "password-file"
  | "password-env"
  | "token-file"
  | "token-env"
  | "mechanism"
  | "minimum"
  | "ca"
  | "ca-only"
  | "pin"
  | "trust-pin"
  | "min-tls"
  | "require-pq"
  | "client-cert"
  | "client-key"
  | "timeout"
  | "json";
type MessageOptionName = "from" | "to" | "cc" | "bcc" | "subject" | "text" | "html" | "attach" | "header" | "message";
type AccountOptionName = "name" | "write" | "address" | "username" | "password-command" | "token-command";
type LabOptionName =
  | "vector"
  | "client"
  | "transport"
  | "strict"
  | "post-quantum"
  | "without-login"
  | "jobs"
  | "format"
  | "out"
  | "loopback"
  | "port"
  | "upstream"
  | "attack"
  | "listen";
export type OptionName = AccountOptionName | ServerOptionName | MessageOptionName | LabOptionName;
export type OptionTable = Readonly<Partial<Record<OptionName, OptionKind>>>;

const flag: OptionKind = { takes: "flag" };
const value: OptionKind = { takes: "value" };
const list: OptionKind = { takes: "list" };

export const verifyOptions: Readonly<Record<ServerOptionName, OptionKind>> = {
  account: value,
  server: value,
  "password-file": value,
  "password-env": value,
  "token-file": value,
  "token-env": value,
  mechanism: value,
  minimum: value,
  ca: value,
  "ca-only": value,
  pin: list,
  "trust-pin": list,
  "min-tls": value,
  "require-pq": flag,
  "client-cert": value,
  "client-key": value,
  timeout: value,
  json: flag,
};

export const sendOptions: Readonly<Record<ServerOptionName | MessageOptionName, OptionKind>> = {
  from: value,
  to: list,
  cc: list,
  bcc: list,
  subject: value,
  text: value,
  html: value,
  attach: list,
  header: list,
  message: value,
  ...verifyOptions,
};

export const importOptions: OptionTable = { name: value, write: flag, json: flag };

export const accountAddOptions: OptionTable = {
  address: value,
  name: value,
  server: value,
  username: value,
  "password-command": value,
  "password-file": value,
  "password-env": value,
  "token-command": value,
  "token-file": value,
  "token-env": value,
  ca: value,
  "ca-only": value,
  pin: list,
  "trust-pin": list,
  "min-tls": value,
  minimum: value,
  timeout: value,
  json: flag,
};

export const configCheckOptions: OptionTable = { json: flag };

const trialOptions = {
  vector: value,
  strict: flag,
  "post-quantum": flag,
  jobs: value,
  timeout: value,
  format: value,
  out: value,
  loopback: flag,
} satisfies OptionTable;

export const labOptions: Readonly<Record<LabSubcommand, OptionTable>> = {
  run: { ...trialOptions, transport: value, "without-login": flag },
  matrix: { ...trialOptions, client: list },
  serve: { vector: value, port: value },
  proxy: { upstream: value, attack: value, listen: value, ca: value },
  list: { vector: value, json: flag },
  explain: {},
};
export type LabSubcommand = "run" | "matrix" | "serve" | "proxy" | "list" | "explain";
