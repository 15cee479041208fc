/** The table of calls in docs/guide/migrate-from-smtplib.md as two programs: one in Python, one in TypeScript. */
import { readFileSync } from "node:fs";

const guide = readFileSync("docs/guide/migrate-from-smtplib.md", "utf8");

export type Cells = readonly string[];

/** The cells of each row of the table whose header begins with this. */
export function rowsUnder(header: string): readonly Cells[] {
  const [, table = ""] = guide.split(new RegExp(`^\\| ${header} .*\\n\\|.*\\n`, "m"));
  const lines = table.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(0, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

const calls = rowsUnder("smtplib");
export const python: string = calls.map(([call = ""]) => `${call}\n`).join("");

/** The variables at its top are those that the page takes as given. */
export const typescript: string = `import { createMailer } from "@postseal/mailer";
const { username = "", password = "", sender = "", recipient = "", subject = "", text = "" } = process.env;
const credentials = { username, password };
const recipients = [recipient];
const octets = \`From: \${sender}\\nSubject: \${subject}\\n\\n\${text}\\n\`;
${calls.map(([, call = ""]) => `${call}\n`).join("")}`;
