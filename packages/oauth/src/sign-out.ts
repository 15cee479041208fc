/** Ends a sign-in: at the issuer (RFC 7009) and here. */
import { createSealedHttps, type HttpsOptions, readOptions } from "@postseal/mailer/internal";
import { processRevocationResponse, revocationRequest } from "oauth4webapi";
import type { Client } from "./client.ts";
import { authenticationOf } from "./client-authentication.ts";
import type { Issuer } from "./issuer.ts";
import { ask, serverOf } from "./question.ts";
import type { TokenStore } from "./tokens.ts";

const NAMES: ReadonlySet<string> = new Set(["issuer", "client", "store", "https"]);

/**
 * `revoked`: the issuer has ended it. `removed`: it is only forgotten here, since the issuer has no way to be asked, or nothing was
 * left to revoke. Throws `OAuthError` if the issuer could not be asked, and then keeps what is stored: otherwise it would go on unseen.
 */
export async function signOut(options: {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly store: TokenStore;
  readonly https?: HttpsOptions | undefined;
}): Promise<"revoked" | "removed"> {
  const own = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const { issuer, client, store, https } = own;
  const stored = await store.read();
  const token = stored?.refreshToken ?? stored?.accessToken;
  const endpoint = issuer.revocationEndpoint;
  const isIts = stored?.issuer === issuer.id;
  if (token === undefined || endpoint === undefined || !isIts) {
    await store.remove();
    return "removed";
  }
  const { use, secrets } = await authenticationOf(client, issuer);
  await ask(
    createSealedHttps(https),
    { purpose: "end the sign-in", endpoint, secrets: [token, ...secrets] },
    async (carrier) =>
      processRevocationResponse(
        await revocationRequest(serverOf(issuer), { client_id: client.id }, use, token.reveal(), carrier),
      ),
  );
  await store.remove();
  return "revoked";
}
