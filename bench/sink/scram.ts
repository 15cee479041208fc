/** The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677): the client checks its signature, so it has to be a true one. */
import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

export interface ScramServer {
  /** The next challenge in base64; `undefined` once there is nothing left to say but 235. */
  answer(response: string): string | undefined;
}

export function createScramServer(password: string): ScramServer {
  const salt = randomBytes(16);
  let bare = "";
  let first = "";
  let step = 0;
  return {
    answer(response) {
      const text = Buffer.from(response, "base64").toString();
      step += 1;
      if (step === 1) {
        bare = text.replace(/^[^,]*,[^,]*,/, "");
        const nonce = /(?:^|,)r=([^,]*)/.exec(bare)?.[1] ?? "";
        first = `r=${nonce}${randomBytes(12).toString("hex")},s=${salt.toString("base64")},i=${ITERATIONS}`;
        return encode(first);
      }
      if (step === 2) {
        const withoutProof = text.replace(/,p=[^,]*$/, "");
        const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
        const signature = hmac(hmac(salted, "Server Key"), `${bare},${first},${withoutProof}`);
        return encode(`v=${signature.toString("base64")}`);
      }
      return undefined;
    },
  };
}

const ITERATIONS = 4096;

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
