/** The defences against a server that reads a chunk as commands. */
import type { Defence } from "./defence.ts";

export const chunkDefences: readonly Defence[] = [];
