/** Reads sections of `key = value` lines: the grammar that Gitea, Grafana and git share. */
import { NO_SETTING, type Setting } from "./setting.ts";
import { readValue } from "./value.ts";

export interface Section {
  /** In lower case: `mailer`. */
  readonly name: string;
  /** `work` in `[sendemail "work"]`. */
  readonly part: string | undefined;
  readonly settings: readonly Setting[];
}

export function readIni(text: string): readonly Section[] {
  const sections: (Section & { readonly settings: Setting[] })[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const line = written.trim();
    const [, name, part] = /^\[[ \t]*([^\]"\s]+)(?:[ \t]+"([^"]*)")?[ \t]*\]/.exec(line) ?? [];
    if (name !== undefined) sections.push({ name: name.toLowerCase(), part, settings: [] });
    else if (!/^[#;]/.test(line)) {
      const [, key, value] = /^([^=\s]+)[ \t]*=(.*)$/.exec(line) ?? [];
      const setting = { name: key ?? NO_SETTING, value: readValue(value ?? "", "#;"), line: index + 1 };
      if (line !== "") sections.at(-1)?.settings.push(setting);
    }
  }
  return sections;
}
