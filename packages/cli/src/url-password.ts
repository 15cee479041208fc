/** Finds a password in the URL of a server, so that it can be refused before it does more harm. */

/** Also in text that is no URL: the password in it is known all the same. */
export function hasPassword(text: string): boolean {
  if (URL.canParse(text)) return new URL(text).password !== "";
  // What follows `://` up to the next slash. Looked for in one pass: a pattern that begins at each `://` is quadratic.
  const parts = text.split("/");
  return parts.some((part, at) => parts[at - 1] === "" && parts[at - 2]?.endsWith(":") === true && namesBoth(part));
}

/** `user:password@host` */
function namesBoth(authority: string): boolean {
  const colon = authority.indexOf(":");
  return colon !== -1 && authority.lastIndexOf("@") > colon;
}
