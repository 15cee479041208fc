/** The pages of the command, and what writes them. The command is no library: its files belong to another project. */

export const cli: URL = new URL("../packages/cli/", import.meta.url);

export async function pagesOfCommand(): Promise<unknown> {
  const register: unknown = Reflect.get(Object(await import(new URL("src/register.ts", cli).href)), "register");
  return (await writer("commands.ts", "pagesOf"))(register);
}

/** A function of a file in `manual/`. */
export async function writer(file: string, name: string): Promise<(...words: readonly unknown[]) => unknown> {
  const found: unknown = Reflect.get(Object(await import(new URL(`src/manual/${file}`, cli).href)), name);
  if (typeof found !== "function") throw new TypeError(`${name} has gone`);
  return (...words): unknown => {
    const made: unknown = Reflect.apply(found, undefined, words);
    return made;
  };
}
