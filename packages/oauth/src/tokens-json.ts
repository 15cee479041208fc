/** Stored tokens as text. The one place where a token becomes text again, for a file or a program that keeps it. */
import { Secret } from "@postseal/mailer";
import { withoutPrototype } from "@postseal/mailer/internal";
import type { StoredTokens } from "./tokens.ts";

const VERSION = 1;
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
const LINE = /^[^\p{Cc}]{0,4096}$/u;

export function formatTokens(tokens: StoredTokens): string {
  const { accessToken, refreshToken, expiresAt, retryAfter, ended, ...plain } = tokens;
  const kept = {
    version: VERSION,
    ...plain,
    accessToken: accessToken?.reveal(),
    expiresAt,
    refreshToken: refreshToken?.reveal(),
    retryAfter,
    ended,
  };
  return `${JSON.stringify(kept, undefined, 2)}\n`;
}

/** `undefined` if it is not what `formatTokens` writes: then nothing of it is believed. */
export function parseTokens(text: string): StoredTokens | undefined {
  const found = objectIn(text);
  if (found === undefined || found["version"] !== VERSION) return undefined;
  const [issuer, clientId, scope, tokenEndpoint, resource] = LINES.map((name) => lineIn(found[name]));
  const { servers } = found;
  const [signedInAt, renewedAt] = [dateIn(found["signedInAt"]), dateIn(found["renewedAt"])];
  const [accessToken, refreshToken] = [tokenIn(found["accessToken"]), tokenIn(found["refreshToken"])];
  const [expiresAt, retryAfter] = [dateIn(found["expiresAt"]), dateIn(found["retryAfter"])];
  const ended = endIn(found["ended"]);
  const optional = [accessToken, refreshToken, expiresAt, retryAfter, ended, resource];
  if (
    issuer === undefined ||
    clientId === undefined ||
    scope === undefined ||
    tokenEndpoint === undefined ||
    signedInAt === undefined ||
    renewedAt === undefined ||
    !isTexts(servers) ||
    OPTIONAL.some((name, at) => found[name] !== undefined && optional[at] === undefined)
  )
    return undefined;
  return {
    issuer,
    clientId,
    scope,
    tokenEndpoint,
    servers,
    resource,
    accessToken,
    expiresAt,
    refreshToken,
    signedInAt,
    renewedAt,
    ended,
    retryAfter,
  };
}

const LINES = ["issuer", "clientId", "scope", "tokenEndpoint", "resource"] as const;
const OPTIONAL = ["accessToken", "refreshToken", "expiresAt", "retryAfter", "ended", "resource"] as const;

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? withoutPrototype({ ...value })
    : undefined;
}

function lineIn(value: unknown): string | undefined {
  return typeof value === "string" && LINE.test(value) ? value : undefined;
}

function tokenIn(value: unknown): Secret | undefined {
  return typeof value === "string" && TOKEN.test(value) ? new Secret(value) : undefined;
}

function dateIn(value: unknown): Date | undefined {
  if (typeof value !== "string" || !/^[\d:.TZ+-]{20,30}$/.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function endIn(value: unknown): StoredTokens["ended"] {
  const found = recordOf(value);
  const [at, error] = [dateIn(found?.["at"]), lineIn(found?.["error"])];
  return at === undefined || error === undefined ? undefined : { at, error };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && LINE.test(one));
}
