/** Finds a password in the URL of a server, so that it can be refused. */

/** Also in text that is not a valid URL: the password in it is exposed all the same. */
export function hasPassword(text: string): boolean {
  if (URL.canParse(text)) return new URL(text).password !== "";
  // Looks at what follows each `://`, up to the next slash. A pattern that starts at each `://` would be quadratic.
  const parts = text.split("/");
  return parts.some((part, at) => parts[at - 1] === "" && parts[at - 2]?.endsWith(":") === true && namesBoth(part));
}

/** `user:password@host` */
function namesBoth(authority: string): boolean {
  const colon = authority.indexOf(":");
  return colon !== -1 && authority.lastIndexOf("@") > colon;
}
