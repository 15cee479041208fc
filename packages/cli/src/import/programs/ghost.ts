/** Ghost's `mail`, in the environment: options of Nodemailer whose path is written with double underscores. */
import type { Option, Options } from "../nodemailer-options.ts";
import { importNodemailer } from "../nodemailer.ts";
import type { Setting } from "../settings/setting.ts";
import { readVariables, variableLike } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

const OPTION = /^mail__(?:options__)?(\w+)$/;

export const ghost: Shape = {
  title: "Ghost's mail__*",
  where: "variables; its config.production.json is read too",
  found: ({ text }) => variableLike(text, /^mail__options__(?:host|service)$/),
  read: ({ text }, name) => importNodemailer(optionsOf(readVariables(text)), name),
};

function optionsOf(settings: readonly Setting[]): Options {
  const options = new Map<string, Option>();
  for (const { name, value, line } of settings) {
    const path = OPTION.exec(name)?.[1]?.replaceAll("__", ".");
    if (path !== undefined)
      options.set(path.toLowerCase(), { name: path, value: typed(value.text), line, variable: value.variable });
  }
  return options;
}

/** Ghost reads numbers and truth values in variables as such. */
function typed(text: string): unknown {
  return text === "true" ? true : text === "false" ? false : /^\d{1,5}$/.test(text) ? Number(text) : text;
}
