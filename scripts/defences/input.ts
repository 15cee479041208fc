/** The defences against what a caller is given by others: addresses, options, objects with methods of their own. */
import type { Defence } from "./defence.ts";

export const inputDefences: readonly Defence[] = [];
