/** A person in a browser, played by HTTP: follows redirects, keeps cookies, fills in each form and submits it. */
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { Authority } from "./pki.ts";

export interface Person {
  readonly authority: Pick<Authority, "caFile">;
  /** The name to sign in by. */
  readonly user: string;
  /** What is typed where a device's code is asked for. */
  readonly code?: string;
  /** Does not follow the redirect to the program on this machine, since it is on another one. */
  readonly isElsewhere?: boolean;
}

/** Where it ended, and what the last page says. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly page: string;
}

const MOST_STEPS = 30;

/** Opens the page and goes on until there is nothing left to submit. */
export async function visit(start: string | URL, person: Person): Promise<Visit> {
  const jar = new Map<string, string>();
  let next: Step = { url: new URL(start), form: undefined };
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { status, location, page } = await load(next, person, jar);
    if (location !== undefined) {
      const url = new URL(location, next.url);
      if (person.isElsewhere === true && url.protocol === "http:" && url.searchParams.has("code"))
        return { url: url.href, status, page: "" };
      next = { url, form: undefined };
      continue;
    }
    const form = status < 400 ? formIn(page, next.url, person) : undefined;
    if (form === undefined) return { url: next.url.href, status, page };
    next = form;
  }
  throw new Error(`the sign-in does not end: ${next.url.href}`);
}

interface Step {
  readonly url: URL;
  readonly form: string | undefined;
}

async function load(
  { url, form }: Step,
  { authority }: Person,
  jar: Map<string, string>,
): Promise<{ readonly status: number; readonly location: string | undefined; readonly page: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof load>>>();
  const options = {
    method: form === undefined ? "GET" : "POST",
    headers: {
      accept: "text/html",
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
  };
  const request =
    url.protocol === "https:"
      ? httpsRequest(url, { ...options, ca: readFileSync(authority.caFile), agent: false })
      : httpRequest(url, { ...options, agent: false });
  request.on("error", reject).on("response", (response) => {
    for (const cookie of response.headers["set-cookie"] ?? []) keep(cookie, jar);
    text(response).then(
      (page) => resolve({ status: response.statusCode ?? 0, location: response.headers.location, page }),
      reject,
    );
  });
  request.end(form);
  return promise;
}

/** All pages are of one site, so paths and domains do not matter. */
function keep(cookie: string, jar: Map<string, string>): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (value === "") jar.delete(name);
  else jar.set(name, value);
}

/** The page's only form, filled in. */
function formIn(page: string, base: URL, { user, code }: Person): Step | undefined {
  const [, head = "", body = ""] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page) ?? [];
  const action = attributeOf(head, "action");
  if (action === undefined) return undefined;
  // The issuer proposes whom the program named; a person may be somebody else.
  const typed: Readonly<Record<string, string>> = {
    login: user,
    password: "any",
    ...(code === undefined ? {} : { user_code: code }),
  };
  const fields = new URLSearchParams();
  for (const [, input = ""] of body.matchAll(/<input\b([^>]*)>/gi)) {
    const name = attributeOf(input, "name");
    if (name !== undefined) fields.set(name, typed[name] ?? attributeOf(input, "value") ?? "");
  }
  return { url: new URL(action, base), form: fields.toString() };
}

function attributeOf(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag)?.[1]?.replaceAll("&amp;", "&");
}
