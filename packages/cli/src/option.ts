/** What an option of the command is: for the reader of the command line, for --help, the manual page and the shells. */

export interface OptionKind {
  /** `flag` takes no value; `list` may be given several times. */
  readonly takes: "flag" | "value" | "list";
  /** What --help calls the value. */
  readonly value?: string;
  /** What the option does, as --help and the manual page say it. */
  readonly what: string;
  readonly completes?: Completion;
}

/** What a shell may offer as a value: files, ids of vectors, or these words. */
export type Completion = "file" | "vector" | readonly string[];

export type LoginOptionName =
  | "account"
  | "server"
  | "password-file"
  | "password-env"
  | "token-file"
  | "token-env"
  | "mechanism"
  | "minimum";
export type TlsOptionName =
  | "ca"
  | "ca-only"
  | "pin"
  | "trust-pin"
  | "min-tls"
  | "require-pq"
  | "client-cert"
  | "client-key";
export type RunOptionName = "timeout" | "trace" | "json";
export type MessageOptionName =
  | "from"
  | "to"
  | "cc"
  | "bcc"
  | "subject"
  | "text"
  | "html"
  | "attach"
  | "header"
  | "requiretls"
  | "no-chunking"
  | "message";
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
export type OptionName =
  | AccountOptionName
  | LoginOptionName
  | TlsOptionName
  | RunOptionName
  | MessageOptionName
  | LabOptionName;
export type OptionTable = Readonly<Partial<Record<OptionName, OptionKind>>>;
/** A table that has all of these. */
export type Options<Name extends OptionName> = Readonly<Record<Name, OptionKind>>;

export function flag(what: string): OptionKind {
  return { takes: "flag", what };
}

export function value(name: string, what: string, completes?: Completion): OptionKind {
  return { takes: "value", value: name, what, ...(completes === undefined ? {} : { completes }) };
}

export function list(name: string, what: string, completes?: Completion): OptionKind {
  return { ...value(name, what, completes), takes: "list" };
}
