/** `postseal account add`: asks, finds the server, logs in over verified TLS, and only then writes. */
import type { Verification } from "@postseal/mailer";
import { addToConfiguration, assertFree } from "../account/addition.ts";
import { userFile } from "../account/configuration-file.ts";
import type { DraftAccount, DraftValue } from "../account/draft.ts";
import { formatDraft } from "../account/draft-toml.ts";
import type { AddOption } from "../account/options.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { writeReport } from "../result/report.ts";
import { firstThatWorks, type Tried } from "./attempts.ts";
import { type Dialogue, TerminalDialogue } from "./dialogue.ts";
import { networkSources } from "./discovery.ts";
import { tokensFileOf } from "../oauth/tokens-file.ts";
import { addressOf, nameOf, type Questions } from "./questions.ts";
import { isByOauth, serverOfIssuer } from "./oauth-options.ts";
import { type LoginAnswer, references, secretOf } from "./secret-question.ts";
import { type ServerAnswer, serverOf, userOf, withUser } from "./server-question.ts";

/** Returns the exit code. Throws `CommandError` and what `verify` throws. */
export async function addAccount(given: Arguments<AddOption>): Promise<number> {
  const isTerminal = process.stdin.isTTY && output.isTerminal;
  const dialogue = isTerminal ? new TerminalDialogue(process.stdin) : undefined;
  const file = userFile(process.env);
  const tried = await triedAccount({ given, dialogue, sources: networkSources }, file);
  await addToConfiguration(
    file,
    { accounts: [tried.draft], defaultAccount: undefined },
    formatDraft({ accounts: [tried.draft], defaultAccount: undefined }, "By postseal account add"),
  );
  tell(given, file, tried);
  return exits.done.code;
}

/** Asks until a login works: a person who has mistyped the password should not begin anew. */
async function triedAccount(questions: Questions, file: string): Promise<Tried> {
  const { given, dialogue } = questions;
  const byOauth = isByOauth(given);
  const address = await addressOf(questions);
  const name = await nameOf(questions, address);
  // Before somebody has registered an application and signed in, or has typed a password, for nothing.
  await assertFree(file, name, address);
  let server = (byOauth ? serverOfIssuer(given, address) : undefined) ?? (await serverOf(questions, address));
  if (byOauth) server = withSomebody(server, address);
  const signedIn = byOauth ? await oauthLogin(questions, { file, name, address, server }) : undefined;
  const trying = { file, given, dialogue, compared: new Set<string>() };
  for (;;) {
    const login = server.user === undefined ? NO_LOGIN : (signedIn ?? (await secretOf(questions, name)));
    const drafts = server.servers.map((url) =>
      draftOf(given, { name, address, url: withUser(url, server.user), login }),
    );
    let error: unknown;
    try {
      const tried = await firstThatWorks(drafts, trying);
      if (server.user !== undefined || server.isSure || !offersLogin(tried.verification)) return tried;
      error = new CommandError("CLI_USAGE", OFFERED);
    } catch (thrown) {
      error = thrown;
      if (byOauth) await adviseAfter(thrown, drafts, dialogue);
    }
    const isAsked = dialogue !== undefined && given.oneOf(...references) === undefined && !given.has("username");
    if (!isAsked || !(error instanceof Error) || !isAboutLogin(error)) throw error;
    dialogue.say(error.message);
    server = { ...server, ...(await userOf(questions, server.user ?? address)) };
  }
}

/** A sign-in is somebody's: the address's, if nobody is named. */
function withSomebody(server: ServerAnswer, address: string): ServerAnswer {
  if (server.user === undefined && server.isSure)
    throw new CommandError("CLI_USAGE", "a sign-in is somebody's: name the user, or leave --username out");
  return { ...server, user: server.user ?? address };
}

/** Late, since few accounts sign in. */
async function oauthLogin(
  questions: Questions,
  {
    file,
    name,
    address,
    server,
  }: Pick<Wanted, "name" | "address"> & { readonly file: string; readonly server: ServerAnswer },
): Promise<LoginAnswer> {
  const { oauthLoginOf } = await import("./oauth-login.ts");
  const keys = new Map<string, DraftValue>([
    ["server", withUser(server.servers[0], server.user)],
    ["from", [address]],
  ]);
  return oauthLoginOf(questions, { file, name, address, keys });
}

const NO_LOGIN: LoginAnswer = { keys: [] };
const OFFERED =
  "the server offers a login (AUTH), and no user was named, so it would refuse mail to others: name the user (--username USER), " +
  "or say that there is none (--username -)";

/** Inside TLS. A relay that lets this machine send may offer it too. */
function offersLogin({ capabilities }: Verification): boolean {
  return capabilities.some((line) => /^AUTH(?: |$)/i.test(line));
}

/** Another user or password may be the remedy. */
function isAboutLogin(error: Error): boolean {
  return (
    error.message === OFFERED ||
    ("code" in error && (error.code === "MAIL_AUTH_REFUSED" || error.code === "MAIL_AUTH_NOT_OFFERED"))
  );
}

/** What an administrator has to do first, if an application of Microsoft's was refused. */
async function adviseAfter(
  error: unknown,
  [draft]: readonly DraftAccount[],
  dialogue: Dialogue | undefined,
): Promise<void> {
  const oauth = draft?.keys.get("oauth");
  if (!(error instanceof Error) || !isAboutLogin(error) || typeof oauth !== "object" || !("flow" in oauth)) return;
  if (oauth["issuer"] !== "microsoft") return;
  const { administratorSteps } = await import("../oauth/known-issuers.ts");
  const say = (line: string): void => (dialogue === undefined ? errors.line(line) : dialogue.say(line));
  for (const line of administratorSteps(String(oauth["client-id"]), addressOfDraft(draft))) say(line);
}

interface Wanted {
  readonly name: string;
  readonly address: string;
  readonly url: string;
  readonly login: LoginAnswer;
}

function draftOf(given: Arguments<AddOption>, { name, address, url, login }: Wanted): DraftAccount {
  const demands: readonly (readonly [string, DraftValue | undefined])[] = [
    ["ca", given.one("ca")],
    ["ca-only", given.one("ca-only")],
    ["pins", given.has("pin") ? given.all("pin") : undefined],
    ["trust-pins", given.has("trust-pin") ? given.all("trust-pin") : undefined],
    ["min-tls", given.one("min-tls")],
    ["minimum", given.one("minimum")],
  ];
  const asked = demands.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const { keys, ...unwritten } = login;
  return {
    ...unwritten,
    name,
    keys: new Map<string, DraftValue>([["server", url], ["from", [address]], ...keys, ...asked]),
  };
}

function tell(given: Arguments<AddOption>, file: string, { draft, verification }: Tried): void {
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, file, account: draft.name, verification });
    return;
  }
  writeReport({ kind: "verified", verification });
  output.line(`written     ${file}: [accounts.${draft.name}]`);
  if (draft.tokens !== undefined) output.line(`tokens      ${tokensFileOf(draft.name, process.env)}`);
  output.line(`next        postseal send --from ${addressOfDraft(draft)} --to ADDRESS --text Hello`);
}

function addressOfDraft(draft: DraftAccount | undefined): string {
  return [draft?.keys.get("from")].flat().find((one) => typeof one === "string") ?? "ADDRESS";
}
