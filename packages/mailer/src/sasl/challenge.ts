/** The error for a challenge that no honest server sends at this point of the login. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import type { MechanismName } from "./mechanism.ts";

export function unexpectedChallenge(mechanism: MechanismName): AuthenticationError {
  return new AuthenticationError(
    "MAIL_AUTH_PROTOCOL",
    `The server asked for more after ${mechanism} had said everything. The login was cancelled: the server, or something between us and it, does not speak ${mechanism} properly.`,
    { mechanism },
  );
}
