/** The defences of the command against its own input. */
import type { Defence } from "./defence.ts";

export const commandDefences: readonly Defence[] = [];
