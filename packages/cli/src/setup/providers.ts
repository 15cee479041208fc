/**
 * Well-known providers and their submission servers, by the domains of their addresses and by name. The rows come from
 * Nodemailer's list of well-known services, and `providers.test.ts` compares them with it; the providers' own pages were not
 * consulted. The notes are advice, and nothing depends on them. Other domains are found by SRV records and autoconfig.
 */

export interface Provider {
  readonly name: string;
  readonly domains: readonly string[];
  readonly server: string;
  /** What users have to know before they try a password. */
  readonly note: string | undefined;
}

/** When the rows were last copied, from Nodemailer 10.6.0. */
export const providersAsOf = "2026-11-24";

const APP_PASSWORD = "it needs an app password, not the password of the account";

export const providers: readonly Provider[] = [
  {
    name: "Gmail",
    domains: ["gmail.com", "googlemail.com"],
    server: "submissions://smtp.gmail.com",
    note: `${APP_PASSWORD}, or --oauth google; see docs/guide/oauth.md`,
  },
  {
    name: "Outlook",
    domains: ["outlook.com", "hotmail.com"],
    server: "submission://smtp-mail.outlook.com",
    note: "it accepts only OAuth 2.0: give --oauth microsoft --tenant consumers; see docs/guide/oauth.md",
  },
  {
    name: "Outlook365",
    domains: [],
    server: "submission://smtp.office365.com",
    note: "it needs OAuth 2.0: give --oauth microsoft; see docs/guide/oauth.md",
  },
  {
    name: "iCloud",
    domains: ["icloud.com", "me.com", "mac.com"],
    server: "submission://smtp.mail.me.com",
    note: APP_PASSWORD,
  },
  { name: "Yahoo", domains: ["yahoo.com"], server: "submissions://smtp.mail.yahoo.com", note: APP_PASSWORD },
  { name: "AOL", domains: ["aol.com"], server: "submission://smtp.aol.com", note: APP_PASSWORD },
  {
    name: "Fastmail",
    domains: ["fastmail.com", "fastmail.fm"],
    server: "submissions://smtp.fastmail.com",
    note: APP_PASSWORD,
  },
  {
    name: "GMX",
    domains: ["gmx.com", "gmx.net", "gmx.de"],
    server: "submission://mail.gmx.com",
    note: "its settings must first allow sending by SMTP",
  },
  { name: "Zoho", domains: [], server: "submissions://smtp.zoho.com", note: undefined },
  { name: "Mailgun", domains: [], server: "submissions://smtp.mailgun.org", note: undefined },
  { name: "SendGrid", domains: [], server: "submission://smtp.sendgrid.net", note: "the user name is the word apikey" },
  { name: "Brevo", domains: [], server: "submission://smtp-relay.brevo.com", note: undefined },
];

export function providerOf(domain: string): Provider | undefined {
  return providers.find(({ domains }) => domains.includes(domain.toLowerCase()));
}

export function providerNamed(name: string): Provider | undefined {
  return providers.find(
    (provider) => plain(provider.name) === plain(name) || provider.domains.includes(name.toLowerCase()),
  );
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
