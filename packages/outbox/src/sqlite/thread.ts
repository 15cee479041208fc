/** Where the outbox's thread begins. On Node 22 SQLite warns that it is experimental; what we use is the same in 22, 24 and 26. */

const listeners = process.listeners("warning");
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") for (const listener of listeners) listener(warning);
});
// Only now, since loading it warns.
await import("./engine.ts");
