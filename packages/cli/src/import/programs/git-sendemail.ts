/** The `[sendemail]` sections of git's configuration, or what `git config --list` prints of them. */
import type { DraftAccount } from "../../account/draft.ts";
import type { Draft, Finding } from "../draft.ts";
import { accountOf, draft } from "../settings/account-of.ts";
import { helo, log, otherSender, pooled, program, recipients, texts } from "../settings/judgements.ts";
import { readIni, type Section } from "../settings/ini.ts";
import { always, type Dialect, meanings, says, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import type { Shape } from "../shape.ts";

const UNVERIFIED = "smtpSslCertPath without a path";
const ASKED = "smtpUser without smtpPass";
const OTHERS =
  "confirm annotate thread suppressCc chainReplyTo multiEdit validate aliasesFile aliasFileType transferEncoding xmailer signedOffByCc signedOffCc composeEncoding assume8bitEncoding forbidSendmailVariables mailmap mailmapFile mailmapBlob useImapOnly imapSentFolder outlookidfix identity bccOnly smtpServerOption replyTo";

const dialect: Dialect = {
  meanings: meanings({
    smtpServer: "host",
    smtpServerPort: "port",
    smtpUser: "user",
    smtpPass: "password",
    smtpAuth: "mechanism",
    smtpEncryption: says({ tls: "starttls", ssl: "implicit", "": "as-usual" }),
    smtpSsl: tlsSwitch("implicit", "as-usual"),
    smtpSslCertPath: "ca-only",
    [UNVERIFIED]: always(
      "unsafe",
      "no certificate is checked: any server that answers gets the password",
      "It is verified. For a private server give its authority (ca) or its key (trust-pins)",
    ),
    [ASKED]: always(
      "left-out",
      "git asks its credential helper for the password",
      "Put it into the file of the account, or name a program that prints it: password-command",
    ),
    from: "from",
    envelopeSender: otherSender,
    smtpDomain: helo,
    smtpDebug: log,
    smtpBatchSize: pooled,
    smtpReloginDelay: pooled,
    to: recipients,
    cc: recipients,
    bcc: recipients,
    toCmd: program,
    ccCmd: program,
    headerCmd: program,
    sendmailCmd: program,
    smtpSslClientCert: "client-certificate",
    smtpSslClientKey: "client-key",
    ...Object.fromEntries(OTHERS.split(" ").map((name) => [name, texts])),
  }),
  usual: { security: "clear", said: "smtpEncryption is not set" },
  ports: { clear: 25, starttls: 25 },
  own: /./,
};

const SERVER = /^smtpserver$/i;

export const gitSendemail: Shape = {
  title: "git config sendemail",
  where: "~/.gitconfig, .git/config, or what git config --list prints",
  found: ({ text }) =>
    sectionsOf(text).flatMap(({ settings }) => settings.filter(({ name }) => SERVER.test(name)))[0]?.line,
  read: ({ text }, name) => readSections(sectionsOf(text), name),
};

function sectionsOf(text: string): readonly Section[] {
  const sections = readIni(text).filter(({ name }) => name === "sendemail");
  if (sections.length > 0) return sections;
  return text.split(/\r?\n/).flatMap((written, index) => {
    const [, path, value] = /^sendemail\.([^=]+)=(.*)$/i.exec(written) ?? [];
    if (path === undefined || value === undefined) return [];
    const at = path.lastIndexOf(".");
    const [part, name] = [at === -1 ? undefined : path.slice(0, at), path.slice(at + 1)];
    return [{ name: "sendemail", part, settings: [{ name, value: { text: value }, line: index + 1 }] }];
  });
}

/** An identity, `[sendemail "work"]`, has the settings of `[sendemail]` too. */
function readSections(sections: readonly Section[], name: string): Draft {
  const accounts: DraftAccount[] = [];
  const findings = new Map<string, Finding>();
  const base = sections.filter(({ part }) => part === undefined).flatMap(({ settings }) => settings);
  const parts = [...new Set(sections.map(({ part }) => part))].filter((part) => part !== undefined);
  const add = (account: string, settings: readonly Setting[]): void => {
    const made = accountOf(implied(settings), dialect, account);
    accounts.push(made.account);
    // What both accounts have is said once.
    for (const finding of made.findings) findings.set(`${finding.line} ${finding.what}`, finding);
  };
  if (base.some((setting) => SERVER.test(setting.name))) add(name, base);
  for (const part of parts) {
    const own = sections.filter((section) => section.part === part).flatMap(({ settings }) => settings);
    if ([...base, ...own].some((setting) => SERVER.test(setting.name))) add(part, [...base, ...own]);
  }
  const chosen = base.find((setting) => setting.name.toLowerCase() === "identity")?.value.text;
  return draft(accounts, [...findings.values()], accounts.find((account) => account.name === chosen)?.name);
}

/** An empty smtpSslCertPath switches verification off. Without smtpPass git asks for the password. */
function implied(settings: readonly Setting[]): readonly Setting[] {
  const find = (name: string): Setting | undefined => settings.findLast((one) => one.name.toLowerCase() === name);
  const user = find("smtpuser");
  const isAsked = user !== undefined && find("smtppass") === undefined;
  const renamed = settings.map((setting) => {
    const isOff = setting.name.toLowerCase() === "smtpsslcertpath" && setting.value.text === "";
    return isOff ? { ...setting, name: UNVERIFIED, value: { text: "yes" } } : setting;
  });
  return isAsked ? [...renamed, { name: ASKED, value: { text: "yes" }, line: user.line }] : renamed;
}
