/** Reads a file that a configuration names, and that is no secret: authorities and certificates. */
import { systemCode } from "../system-code.ts";
import { openTrustedFile } from "../trusted-file.ts";
import { UntrustedPathError } from "../trusted-path.ts";
import { ConfigurationError } from "./problem.ts";

export interface NamedFile {
  /** The configuration file. */
  readonly file: string;
  readonly line: number | undefined;
  readonly key: string;
  readonly path: string;
  /** What to do if it cannot be read. */
  readonly remedy: string;
}

/** Throws `ConfigurationError`. */
export async function textOfNamed({ file, line, key, path, remedy }: NamedFile): Promise<string> {
  try {
    await using opened = await openTrustedFile(path);
    return (await opened.octets()).toString("utf8");
  } catch (cause) {
    const { what, remedy: mend } =
      cause instanceof UntrustedPathError
        ? { what: `is not trusted: ${cause.what}`, remedy: cause.remedy }
        : { what: `cannot be read${systemCode(cause)}`, remedy };
    throw new ConfigurationError({ file, line, what: `${key}: ${path} ${what}`, remedy: mend }, [], cause);
  }
}
