/** esmtprc: settings, and identities with settings of their own. */
import type { DraftAccount } from "../../account/draft.ts";
import type { Finding } from "../draft.ts";
import { accountOf, draft } from "../settings/account-of.ts";
import { helo, otherSecret, otherSender, program, texts } from "../settings/judgements.ts";
import { always, type Dialect, meanings, says } from "../settings/meaning.ts";
import { NO_SETTING, type Setting } from "../settings/setting.ts";
import { readValue } from "../settings/value.ts";
import { lineLike, type Shape } from "../shape.ts";

const dialect: Dialect = {
  meanings: meanings({
    hostname: "host",
    username: "user",
    password: "password",
    identity: "from",
    starttls: says({ enabled: "opportunistic", required: "starttls", disabled: "clear" }),
    certificate_passphrase: otherSecret,
    helo,
    qualifydomain: always(
      "left-out",
      "it completes names without a domain",
      'domain = "example.com", above the accounts, does it',
    ),
    "force sender": otherSender,
    "force reverse_path": otherSender,
    message_id: texts,
    preconnect: program,
    mda: always("left-out", "mail for this machine is delivered by a program", "Mail goes to the server only"),
    force_mda: always("left-out", "all mail is delivered by a program", "Mail goes to the server only"),
  }),
  usual: { security: "clear", said: "starttls is not set, which means disabled" },
  own: /./,
};

const OTHERS = /^[ \t]*(?:identity|starttls|username|mda)\b/i;

export const esmtp: Shape = {
  title: "esmtprc",
  where: "~/.esmtprc or /etc/esmtprc",
  found: ({ text, name }) =>
    name.endsWith("esmtprc") || lineLike(text, OTHERS) !== undefined
      ? lineLike(text, /^[ \t]*hostname[ \t=]/i)
      : undefined,
  read: ({ text }, name) => {
    const accounts: DraftAccount[] = [];
    const findings: Finding[] = [];
    for (const settings of identitiesOf(text)) {
      if (!settings.some((setting) => setting.name === "hostname")) continue;
      const address = settings.find((setting) => setting.name === "identity")?.value.text;
      const made = accountOf(settings, dialect, address === undefined ? name : nameOf(address, accounts.length));
      accounts.push(made.account);
      findings.push(...made.findings);
    }
    return draft(accounts, findings, undefined);
  },
};

/** Of its address; other words may be anything, and are not printed. */
function nameOf(address: string, index: number): string {
  return /^[\w.+-]+@[\w.-]+$/.test(address) ? address.replace(/[^A-Za-z0-9_-]/g, "-") : `identity-${index + 1}`;
}

/** The settings before the first identity belong to none, and hold for no other. */
function identitiesOf(text: string): readonly (readonly Setting[])[] {
  const identities: Setting[][] = [[]];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const [, key, rest] = /^(force[ \t]+\w+|\w+)(?:[ \t]*=|[ \t])(.*)$/.exec(written.trim()) ?? [];
    if (key === undefined || rest === undefined) {
      if (/^[ \t]*[^#\s]/.test(written))
        identities.at(-1)?.push({ name: NO_SETTING, value: { text: "" }, line: index + 1 });
      continue;
    }
    const setting = { name: key.toLowerCase().replace(/\s+/, " "), value: readValue(rest), line: index + 1 };
    if (setting.name === "identity") identities.push([]);
    identities.at(-1)?.push(setting);
  }
  return identities;
}
