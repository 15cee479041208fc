/** The defences of the truth about a message: who ended the connection, and what its replies answer. */
import type { Defence } from "./defence.ts";

export const fateDefences: readonly Defence[] = [];
