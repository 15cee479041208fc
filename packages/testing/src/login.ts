/** The server's side of AUTH PLAIN (RFC 4616) and AUTH LOGIN: challenges out, responses in, at the end whether it is right. */

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Yields challenges, is resumed with responses. An empty challenge waits for an initial response. */
export type Exchange = Generator<string, boolean, string>;

export const mechanisms: Readonly<Record<string, (account: Account) => Exchange>> = {
  *PLAIN({ username, password }) {
    const [authorizationId, user, secret, ...more] = (yield "").split("\0");
    const isOwn = authorizationId === "" || authorizationId === username;
    return isOwn && user === username && secret === password && more.length === 0;
  },
  *LOGIN({ username, password }) {
    const user = yield "Username:";
    const secret = yield "Password:";
    return user === username && secret === password;
  },
};

/** `undefined` for what is not base64. */
export function decoded(base64: string): string | undefined {
  const octets = Buffer.from(base64, "base64");
  return octets.toString("base64") === base64 ? octets.toString("utf8") : undefined;
}
