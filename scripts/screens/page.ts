/** Puts the screens into the guide: a marker names the screen for the block below it. */

export function withScreens(text: string, screens: ReadonlyMap<string, string>): string {
  const left = new Set(screens.keys());
  const written = text.replace(
    /(<!-- screen (\S+) -->\n\n```\n)[\s\S]*?\n?(```\n)/g,
    (_, head: string, name: string, end: string) => {
      const screen = screens.get(name);
      if (screen === undefined) throw new Error(`there is no screen ${name}`);
      left.delete(name);
      return `${head}${tidy(screen)}\n${end}`;
    },
  );
  if (left.size > 0) throw new Error(`the guide does not show ${[...left].join(", ")}`);
  return written;
}

/** Replaces what differs from run to run: keys, dates, Message-IDs, and the progress of a bar. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/[A-Za-z0-9+/]{43}=/g, "62HpVhKawZHj9r+8WkOSoQhoxWYSbaYKUoACgC+k1PI="],
  [/expires \d{4}-\d\d-\d\d/g, "expires 2027-11-24"],
  [/<[^<>@\s]+@example\.com>/g, "<m5tkx2qd.9c1f@example.com>"],
  [/[█░]{30} +\d+ % of ([\d.]+ MiB)/g, "████████████████░░░░░░░░░░░░░░  53 % of $1"],
];

function tidy(screen: string): string {
  return CHANGING.reduce((text, [found, shown]) => text.replaceAll(found, shown), screen)
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
