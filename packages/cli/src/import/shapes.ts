/** Every shape of settings that can be imported, in the order in which a file is tried. */
import { type Draft, type Finding, inOrder } from "./draft.ts";
import { msmtprc } from "./msmtprc.ts";
import { nodemailerJson, nodemailerUrl } from "./nodemailer-shapes.ts";
import type { DraftAccount } from "../account/draft.ts";
import { django } from "./programs/django.ts";
import { esmtp } from "./programs/esmtp.ts";
import { foundEverywhere } from "./programs/everywhere.ts";
import { ghost } from "./programs/ghost.ts";
import { gitSendemail } from "./programs/git-sendemail.ts";
import { gitea } from "./programs/gitea.ts";
import { grafana } from "./programs/grafana.ts";
import { laravel } from "./programs/laravel.ts";
import { mutt } from "./programs/mutt.ts";
import { n8n } from "./programs/n8n.ts";
import { nullmailer } from "./programs/nullmailer.ts";
import { sNail } from "./programs/s-nail.ts";
import { smtpVariables } from "./programs/smtp-variables.ts";
import { ssmtp } from "./programs/ssmtp.ts";
import { symfony } from "./programs/symfony.ts";
import { readVariables } from "./settings/variables.ts";
import type { SettingsFile, Shape } from "./shape.ts";

/** Files of one program. */
const files: readonly Shape[] = [nodemailerJson, gitSendemail, mutt, sNail, ssmtp, esmtp, nullmailer];
/** Variables, of which one file may have those of several programs. */
const variables: readonly Shape[] = [
  gitea,
  grafana,
  ghost,
  n8n,
  symfony,
  laravel,
  django,
  nodemailerUrl,
  smtpVariables,
];
export const shapes: readonly Shape[] = [...files, ...variables, msmtprc];

/** No account if the file is of no shape. Throws `CommandError` (`CLI_INPUT`) if it names no server. */
export function readSettings(file: SettingsFile, name: string): Draft {
  const shape = shapes.find(({ found }) => found(file) !== undefined);
  if (shape === undefined) return { accounts: [], defaultAccount: undefined, findings: [] };
  const { findings, accounts, defaultAccount } = shape.read(file, name);
  const more = variables.includes(shape) ? [...foundEverywhere(file.text), ...othersIn(file, shape)] : [];
  const distinct = withDistinctSenders(accounts);
  return {
    accounts: distinct.accounts,
    defaultAccount,
    findings: inOrder([...findings, ...more, ...distinct.findings]),
  };
}

/** Settings of other programs in the same file are not mixed into the account, and not passed over in silence. */
function othersIn(file: SettingsFile, chosen: Shape): readonly Finding[] {
  const first = chosen.found(file);
  const own = familyOf(readVariables(file.text).find(({ line }) => line === first)?.name ?? "");
  if (own === "") return [];
  const families = new Map(readVariables(file.text).map(({ line, name }) => [line, familyOf(name)]));
  const lines = file.text.split("\n").map((line, index) => (families.get(index + 1) === own ? "" : line));
  const rest = { name: file.name, text: lines.join("\n") };
  const found = variables.flatMap((shape) => {
    const line = shape.found(rest);
    return line === undefined ? [] : [{ line, title: shape.title }];
  });
  // The shapes that fit one line are alternatives, of which the first is the best.
  return [...new Map(found.toReversed().map((one) => [one.line, one])).values()].map(({ line, title }) => ({
    line,
    kind: "left-out",
    what: `these settings are of another kind (${title})`,
    now: "They were left out: import them from a file of their own",
  }));
}

/** `EMAIL` of `EMAIL_HOST`. */
function familyOf(name: string): string {
  return name.split("_", 1)[0] ?? "";
}

/** An address can choose only one account. */
function withDistinctSenders(accounts: readonly DraftAccount[]): {
  readonly accounts: readonly DraftAccount[];
  readonly findings: readonly Finding[];
} {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  const distinct = accounts.map((account) => {
    const from = account.keys.get("from");
    const sender = JSON.stringify(from);
    const owner = owners.get(sender);
    if (from === undefined || owner === undefined) {
      owners.set(sender, account.name);
      return account;
    }
    const what = `the account ${account.name} has the same from as ${owner}`;
    findings.push({
      line: undefined,
      kind: "left-out",
      what,
      now: `from chooses ${owner}; --account ${account.name} the other`,
    });
    return { ...account, keys: new Map([...account.keys].filter(([key]) => key !== "from")) };
  });
  return { accounts: distinct, findings };
}
