/** Reads the files that options name: authorities, keys and secrets. */
import { CommandError } from "./command-error.ts";
import { type Exposure, exposureOfTrusted, openTrustedFile } from "./trusted-file.ts";
import { UntrustedPathError } from "./trusted-path.ts";
import { systemCode } from "./system-code.ts";

/** `option`: without its dashes, for the error. Throws `CommandError` (`CLI_CONFIGURATION`). */
export async function readGivenFile(path: string, option: string): Promise<Buffer> {
  try {
    await using opened = await openTrustedFile(path);
    return await opened.octets();
  } catch (cause) {
    throw refusal(path, option, cause);
  }
}

/** Checks the file without reading it. Throws as `readGivenFile` does. */
export function lookAtGivenFile(path: string, option: string): Promise<Exposure | undefined> {
  return exposureOfTrusted(path).catch((cause: unknown) => {
    throw refusal(path, option, cause);
  });
}

function refusal(path: string, option: string, cause: unknown): CommandError {
  const what =
    cause instanceof UntrustedPathError ? `is not trusted: ${cause.message}` : `cannot be read${systemCode(cause)}`;
  return new CommandError("CLI_CONFIGURATION", `--${option}: ${path} ${what}`, cause);
}
