/** The table of docs/guide/migrate-from-nodemailer.md as two modules: one with Nodemailer's cells, one with Postseal's. */
import { readFileSync } from "node:fs";

const PAGE = "docs/guide/migrate-from-nodemailer.md";
const HEADER = "| Nodemailer ";

export interface Row {
  /** The line on the page, from 1. */
  readonly line: number;
  readonly nodemailer: string;
  /** Empty if Postseal has no such option. */
  readonly postseal: string;
}

export const rows: readonly Row[] = readRows(readFileSync(PAGE, "utf8").split("\n"));

/** The names that the cells use, which the page explains. */
const NAMES = "{ pem, cert, key, pin, password, token, viaProxy }";
const TEXTS = '"pem" | "cert" | "key" | "pin" | "password" | "token"';

/** Each exports `cells(names)`: one string or object for each row, on the line that it has on the page, for errors. */
export const modules: Readonly<Record<"nodemailer" | "postseal", string>> = {
  nodemailer: moduleOf("nodemailer", 'import type { SMTPPoolOptions as Options } from "nodemailer";', "getSocket"),
  postseal: moduleOf("postseal", 'import type { MailerOptions as Options } from "@postseal/mailer";', "connect"),
};

function readRows(lines: readonly string[]): readonly Row[] {
  const start = lines.findIndex((line) => line.startsWith(HEADER));
  if (start === -1) throw new TypeError(`${PAGE} has no table of options`);
  const table = lines.slice(start + 2);
  const end = table.findIndex((line) => !line.startsWith("|"));
  return table.slice(0, end).map((row, index) => {
    const [, nodemailer = "", postseal = ""] = row.split(" | ").join("|").split("|");
    return { line: start + 3 + index, nodemailer: codeOf(nodemailer), postseal: codeOf(postseal) };
  });
}

/** A cell of code is one code span and nothing else. */
function codeOf(cell: string): string {
  const text = cell.trim();
  if (text === "") return "";
  const code = /^`([^`]+)`$/.exec(text)?.[1];
  if (code === undefined) throw new TypeError(`not one code span: ${text}`);
  return code;
}

function moduleOf(side: "nodemailer" | "postseal", type: string, hook: string): string {
  const head = [
    type,
    `type Names = Readonly<Record<${TEXTS}, string>> & { readonly viaProxy: NonNullable<Options["${hook}"]> };`,
    `export const cells = (${NAMES}: Names): readonly (string | Options)[] => [`,
  ].join(" ");
  const first = rows[0]?.line ?? 1;
  const lines = rows.map((row) => (row[side].startsWith('"') ? `${row[side]},` : `{ ${row[side]} },`));
  return [head, ...Array.from({ length: first - 2 }, () => ""), ...lines, "];", ""].join("\n");
}
