/** The defences against other users of the same machine. */
import type { Defence } from "./defence.ts";

export const machineDefences: readonly Defence[] = [];
