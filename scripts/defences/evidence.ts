/** The defences of secrets in what a server says, and of what the seal claims. */
import type { Defence } from "./defence.ts";

export const evidenceDefences: readonly Defence[] = [];
