/**
 * Where the processes that a test starts find compiled code, and leave it: most of them load the same sources, and what a source
 * compiles to does not change what it does. The scripts of package.json name the folder; without them nothing is kept.
 */
export const compiled: Readonly<Record<string, string>> = keptIn(process.env["NODE_COMPILE_CACHE"]);

function keptIn(folder: string | undefined): Readonly<Record<string, string>> {
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
