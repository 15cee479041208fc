/** Unicode's own conformance test of UTS 46, read from Debian's package if that is installed. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { dialled } from "../probe.ts";

const [file] = globSync("/usr/share/cargo/registry/idna-*/tests/IdnaTestV2.txt");

interface Line {
  readonly source: string;
  readonly unicode: string;
  readonly ascii: string;
  /** Codes of the name's faults; empty for a valid name. */
  readonly faults: readonly string[];
}

test(
  "no name that Unicode refuses is dialled, and no name in another form than Unicode's",
  { skip: file === undefined },
  async () => {
    const found: string[] = [];
    let seen = 0;
    for (const { source, ascii, faults } of linesOf(file ?? "")) {
      seen++;
      const form = await dialled(source);
      if (form === undefined || faults.some((fault) => TOLERATED.has(fault)) || NEWER.test(source)) continue;
      if (faults.length > 0 || form !== ascii.replace(/\.$/, "")) found.push(`${source}: ${form}`);
    }
    assert.ok(seen > 3000, `only ${seen} lines`);
    assert.deepEqual(found, []);
  },
);

test("every name that Unicode accepts as it is written is dialled", { skip: file === undefined }, async () => {
  const missed: string[] = [];
  let tried = 0;
  for (const { source, unicode, ascii, faults } of linesOf(file ?? "")) {
    const labels = ascii.replace(/\.$/, "").split(".");
    // Postseal refuses a name that looks like an IPv4 address or is too long.
    const isHost = ascii.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? "");
    if (faults.length > 0 || source !== unicode || !isHost) continue;
    tried++;
    if ((await dialled(source)) === undefined) missed.push(source);
  }
  assert.ok(tried > 100, `only ${tried} names`);
  assert.deepEqual(missed, []);
});

/** B1 to B6: the bidi rule over the whole name. V2 and V3: hyphens in a U-label. `differences.ts` has both. */
const TOLERATED: ReadonlySet<string> = new Set(["B1", "B2", "B3", "B4", "B5", "B6", "V2", "V3"]);
/** Allowed by a newer Unicode than the file's: capitals with a new lower-case letter, three signs, ideographs. */
const NEWER = /[\u{4c0}\u{10a0}-\u{10c5}\u{2260}\u{226e}\u{226f}\u{323b0}-\u{33479}]|[<=>]\u{338}/u;

/** Leaves out names that have A-labels already, which are sent as they are. */
function linesOf(path: string): readonly Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, ""))
    .filter((line) => line.trim() !== "")
    .map((line): Line => {
      const [source = "", unicode = "", status = "", ascii = "", asciiStatus = ""] = line
        .split(";")
        .map((cell) => unescaped(cell.trim()));
      // An empty cell repeats the one before it.
      const written = unicode === "" ? source : unicode;
      return {
        source,
        unicode: written,
        ascii: ascii === "" ? written : ascii,
        faults: (asciiStatus === "" ? status : asciiStatus).match(/[A-Z]\d(?:_\d)?/g) ?? [],
      };
    })
    .filter(({ source }) => !/(?:^|\.)xn--/i.test(source));
}

function unescaped(text: string): string {
  return text.replace(
    /\\u([0-9A-F]{4})|\\x\{([0-9A-F]+)\}/g,
    (_, four: string | undefined, braced: string | undefined) =>
      String.fromCodePoint(Number.parseInt(four ?? braced ?? "", 16)),
  );
}
