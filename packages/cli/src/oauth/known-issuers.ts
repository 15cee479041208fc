/**
 * What people have to know about the issuers that have a word of their own. As of 2026-11-28, read and not tried:
 * docs/guide/gmail-and-microsoft-365.md has the sources.
 */
import type { OauthSettings } from "../account/oauth.ts";
import { isKnown } from "../account/oauth-keys.ts";

interface KnownIssuer {
  readonly title: string;
  /** The submission server. Personal accounts of Microsoft have another one. */
  readonly server: (tenant: string | undefined) => string;
  /** What a person's token must allow. */
  readonly scope: string;
  /** What an application's token must allow. */
  readonly ownScope: string;
  /** How to register an application for a person's sign-in. */
  readonly registration: readonly string[];
  /** What is worth knowing before the page opens. */
  readonly page: readonly string[];
  /** When a sign-in ends, worded to follow "It ends". */
  readonly ends: string;
  /** Days without use after which it ends. */
  readonly idleDays: number;
}

const knownIssuers: Readonly<Record<"google" | "microsoft", KnownIssuer>> = {
  google: {
    title: "Google",
    server: () => "submissions://smtp.gmail.com",
    scope: "https://mail.google.com/",
    ownScope: "https://mail.google.com/",
    registration: [
      "Google lets only registered applications sign in to mail, and Postseal has none of its own: register one, once, in about 5 minutes. (With an app password none is needed: leave --oauth out.)",
      "  1. In Google's cloud console make a project; OAuth consent screen: External (Internal for a Workspace), and add the scope https://mail.google.com/",
      "  2. Publish it (In production). As long as it is in Testing, Google ends each sign-in after 7 days.",
      "  3. Clients: create one of the type Desktop app, and copy its id and its secret.",
    ],
    page: [
      'Google says that it "hasn\'t verified this app", which is your own: Advanced, then go on. Tick the box for your mail: Google has no smaller right for sending, so this one can read mail too.',
    ],
    ends: "if it is not used for 6 months, if the password of the account changes, and after 7 days as long as the application is in Testing",
    idleDays: 180,
  },
  microsoft: {
    title: "Microsoft",
    server: (tenant) =>
      tenant === "consumers" ? "submission://smtp-mail.outlook.com" : "submission://smtp.office365.com",
    scope: "https://outlook.office.com/SMTP.Send offline_access",
    ownScope: "https://outlook.office365.com/.default",
    registration: [
      "Microsoft lets only registered applications sign in to mail, and Postseal has none of its own: register one, once, or ask an administrator for its id.",
      "  1. entra.microsoft.com: App registrations, New registration. Redirect URI: Mobile and desktop, http://localhost",
      "  2. API permissions: SMTP.Send and offline_access, both delegated.",
      "  3. Authentication: Allow public client flows: Yes.",
      "  4. Copy the Application (client) ID.",
    ],
    page: [],
    ends: "if it is not used for 90 days, and when the organisation's policy says so",
    idleDays: 90,
  },
};

/** `undefined` for an issuer that is named by its address. */
export function knownIssuerOf({ issuer }: Pick<OauthSettings, "issuer">): KnownIssuer | undefined {
  return isKnown(issuer) ? knownIssuers[issuer] : undefined;
}

/** What a token of this account must allow: its own words, or the issuer's for mail. */
export function scopeOf({ scope, issuer, application }: OauthSettings): string {
  const known = knownIssuerOf({ issuer });
  return scope ?? (application.acts === "itself" ? known?.ownScope : known?.scope) ?? "";
}

/** Microsoft's tenant of an address, as a proposal: the organisation's domain, or `consumers` for personal accounts. */
export function likelyTenantOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return /^(?:outlook|hotmail|live|msn)\.[a-z.]{2,10}$/.test(domain) ? "consumers" : domain;
}

/** What an administrator does once, so that an application may send as a mailbox. */
export function administratorSteps(clientId: string, mailbox: string): readonly string[] {
  return [
    "An application that sends as a mailbox of Microsoft 365 needs four things, and after them up to 30 minutes:",
    "  1. Entra: API permissions: Office 365 Exchange Online, Application, SMTP.SendAsApp; then grant admin consent.",
    `  2. Exchange: New-ServicePrincipal -AppId ${clientId} -ObjectId OBJECT-ID. OBJECT-ID is that of the enterprise application, not of the app registration.`,
    `  3. Exchange: Add-MailboxPermission -Identity ${mailbox} -User OBJECT-ID -AccessRights FullAccess`,
    `  4. Exchange: Set-CASMailbox -Identity ${mailbox} -SmtpClientAuthenticationDisabled $false`,
  ];
}
