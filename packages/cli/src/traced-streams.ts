/** `NODE_DEBUG` makes Node print what passes through its streams, and the arguments of programs: no secret may pass there then. */
import { CommandError } from "./command-error.ts";
import { debuglog } from "./node-util.ts";

const SECTIONS = ["stream", "child_process"] as const;

/** `secret`: what is about to be read. Throws `CommandError` (`CLI_CONFIGURATION`). */
export function assertNotTraced(secret: string): void {
  if (!SECTIONS.some((section) => debuglog(section).enabled)) return;
  throw new CommandError(
    "CLI_CONFIGURATION",
    `NODE_DEBUG is set, so Node would print ${secret}. Unset it, or leave ${SECTIONS.join(" and ")} out of it`,
  );
}
