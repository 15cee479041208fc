/** The tokens that the command keeps for an account, read as anybody with a copy of the file could. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { SigningStage } from "./signing-stage.ts";

export interface KeptTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export function readTokens(stage: SigningStage, account: string): KeptTokens {
  const kept: unknown = JSON.parse(readFileSync(stage.tokensOf(account), "utf8"));
  assert.ok(typeof kept === "object" && kept !== null && "accessToken" in kept && "refreshToken" in kept);
  return { accessToken: String(kept.accessToken), refreshToken: String(kept.refreshToken) };
}
