/** Reads the server and the user: `server` as a URL, or `host`, `port`, `transport` and `username`. */
import type { AccountKey, AccountServer } from "./account.ts";
import type { TableReader } from "./table-reader.ts";
import { urlFaultOf } from "../server-url.ts";
import { hasPassword } from "../url-password.ts";
import { BY_REFERENCE } from "./unknown-key.ts";

const SERVER =
  'Write server = "submission://USER@HOST" (STARTTLS, port 587) or "submissions://USER@HOST" (TLS from the start, port 465)';

export function serverOf(reader: TableReader<AccountKey>): AccountServer | undefined {
  const url = reader.text("server", SERVER);
  const host = reader.text("host", 'Write host = "mail.example.com"');
  const port = reader.number("port", "Write port = 587, without quotes");
  const transport = reader.word("transport", ["starttls", "implicit"]);
  if (reader.has("server")) {
    const other = (["host", "port", "transport"] as const).find((key) => reader.has(key));
    if (other !== undefined)
      reader.problem(other, `server names the ${other} already`, `Leave ${other} out, or server`);
    if (url !== undefined && hasPassword(url)) {
      reader.problem(
        "server",
        "there is a password in the URL of the server",
        `Take it out. ${BY_REFERENCE}. Anybody who has read this file knows it: change it`,
      );
      return undefined;
    }
    const fault = url === undefined ? undefined : urlFaultOf(url);
    if (fault !== undefined) {
      reader.problem("server", `the URL of the server holds ${fault}`, SERVER);
      return undefined;
    }
    return url === undefined ? undefined : { url };
  }
  if (!reader.has("host")) reader.problem(undefined, "there is no server", SERVER);
  return host === undefined ? undefined : { host, port, transport };
}

export function usernameOf(reader: TableReader<AccountKey>, server: AccountServer | undefined): string | undefined {
  const username = reader.text("username", 'Write username = "alice@example.com"');
  const inUrl = server !== undefined && "url" in server ? userIn(server.url) : undefined;
  if (inUrl !== undefined && reader.has("username")) {
    reader.problem("username", "server names the user already", "Leave username out, or take the user out of the URL");
  }
  return username ?? inUrl;
}

function userIn(url: string): string | undefined {
  const user = URL.canParse(url) ? new URL(url).username : "";
  try {
    return user === "" ? undefined : decodeURIComponent(user);
  } catch {
    // The library refuses the URL, and says why.
    return undefined;
  }
}
