/** The mail servers that a token may go to. */
import { InputError } from "@postseal/mailer";
import { parseServerName, readList } from "@postseal/mailer/internal";
import type { Issuer } from "./issuer.ts";

/** Host names in lower case: the caller's, or else the issuer's. Throws `InputError`. */
export function mailServers(given: readonly string[] | undefined, issuer: Issuer): readonly string[] {
  const list = given ?? issuer.servers;
  if (!Array.isArray(list) || list.length === 0)
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "servers",
      `are the names of the mail servers that the token is for, such as ["smtp.example.com"]`,
    );
  const names = readList<unknown>(list, { field: "servers", code: "MAIL_INPUT_OPTION" });
  return names.map((name, at) => parseServerName(name, `servers[${at}]`).name);
}
