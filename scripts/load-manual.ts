/** Loads the command's pages and what formats them, by URL: the command is no library, and its files are another TypeScript project. */

export const cli: URL = new URL("../packages/cli/", import.meta.url);

export async function pagesOfCommand(): Promise<unknown> {
  const register: unknown = Reflect.get(Object(await import(new URL("src/register.ts", cli).href)), "register");
  return (await writer("commands.ts", "pagesOf"))(register);
}

/** Loads a function from a file in `manual/`. */
export async function writer(file: string, name: string): Promise<(...words: readonly unknown[]) => unknown> {
  const found: unknown = Reflect.get(Object(await import(new URL(`src/manual/${file}`, cli).href)), name);
  if (typeof found !== "function") throw new TypeError(`${file} exports no ${name}`);
  return (...words): unknown => {
    const made: unknown = Reflect.apply(found, undefined, words);
    return made;
  };
}
