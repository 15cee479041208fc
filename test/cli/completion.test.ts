/** Completion, in the shells themselves: what they offer for words as they are typed. */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compiled } from "../compiled.ts";
import { Desk, command, postseal } from "./command.ts";

const has = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).error === undefined;

/** What is typed, what must then be offered, and what must not. */
const cases: readonly (readonly [words: readonly string[], offered: readonly string[], not: readonly string[]])[] = [
  [[""], ["send", "verify", "sendmail", "account", "config", "import", "lab", "completion"], ["run", "check"]],
  [["se"], ["send", "sendmail"], ["verify"]],
  [["send", "--t"], ["--to", "--text", "--token-file", "--timeout", "--trust-pin"], ["--from"]],
  [["send", "--minimum", ""], ["scram", "scram-plus"], ["--to"]],
  [["verify", "--min-tls", ""], ["1.2", "1.3"], []],
  [["config", ""], ["check"], ["add"]],
  [["account", "add", "--pass"], ["--password-command", "--password-file", "--password-env"], ["--pin"]],
  [["lab", ""], ["run", "matrix", "serve", "proxy", "list", "explain"], ["send"]],
  [["lab", "run", "--format", ""], ["table", "json", "junit", "html"], []],
  [["lab", "explain", "A1-removed"], ["A1-removed-auth"], ["A2-502"]],
  [["completion", ""], ["bash", "zsh", "fish"], []],
  [["import", "accounts."], ["accounts.msmtprc"], []],
];

/** Puts the command, a file to complete and the script into the folder. Returns the script's path. */
async function furnish(desk: Desk, shell: string): Promise<string> {
  desk.file("accounts.msmtprc", "");
  desk.file("postseal", `#!/bin/sh\nexec '${[process.execPath, ...command].join("' '")}' "$@"\n`, 0o755);
  const { code, stdout, stderr } = await postseal(["completion", shell]);
  assert.equal(code, 0, stderr);
  return desk.file(`postseal.${shell}`, stdout);
}

const environment = (desk: Desk): NodeJS.ProcessEnv => ({
  ...compiled,
  PATH: `${desk.folder}:${process.env["PATH"] ?? ""}`,
  HOME: desk.folder,
});

for (const [shell, offersOf] of Object.entries({
  bash: (script: string, words: readonly string[]) =>
    `source '${script}'; COMP_WORDS=(postseal ${quoted(words)}); COMP_CWORD=${words.length}; compopt() { :; }; _postseal; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: (script: string, words: readonly string[]) =>
    `source '${script}'; complete -C 'postseal ${words.join(" ")}' | string split -f 1 \\t; true`,
})) {
  test(`${shell} offers what can follow, and nothing else`, { skip: !has(shell) }, async () => {
    using desk = new Desk();
    const script = await furnish(desk, shell);
    for (const [words, offered, not] of cases) {
      const stdout = execFileSync(shell, ["-c", offersOf(script, words)], {
        encoding: "utf8",
        cwd: desk.folder,
        env: environment(desk),
      });
      const offers = stdout.trim().split("\n");
      for (const word of offered) assert.ok(offers.includes(word), `${words.join(" ")}: no ${word} in ${stdout}`);
      for (const word of not) assert.ok(!offers.includes(word), `${words.join(" ")}: ${word}`);
    }
  });
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

/** zsh completes only what is typed on a terminal, so the test types there, and a function prints the arguments it gets. */
test(
  "zsh completes words, options and values as they are typed",
  { skip: !has("zsh") || !has("python3") },
  async () => {
    using desk = new Desk();
    const script = await furnish(desk, "zsh");
    desk.file(
      ".zshrc",
      `autoload -U compinit; compinit -u -d '${desk.folder}/dump'; source '${script}'; PROMPT='ready> '; unset zle_bracketed_paste
show() { print -r -- "<$*>" }; compdef show=postseal; compdef _postseal show\n`,
    );
    const typed = [
      ["show verif\t--require-p\t--js\t", "<verify --require-pq --json>"],
      [
        "show send --min-tls 1.3 --subj\tx --password-f\tacc\t",
        "<send --min-tls 1.3 --subject=x --password-file=accounts.msmtprc>",
      ],
      ["show lab exp\tA1-removed-a\t", "<lab explain A1-removed-auth>"],
      ["show account a\t--addr\ta@example.com", "<account add --address=a@example.com>"],
      ["show config c\tacc\t", "<config check accounts.msmtprc>"],
    ] as const;
    const answers = typed.map(([line]) => ["ready> ", line] as const);
    const screen = await onTerminal(
      ["/bin/sh", "-c", `cd '${desk.folder}' && exec zsh -i`],
      [...answers, ["ready> ", "exit"]],
      desk,
    );
    for (const [, printed] of typed) assert.ok(screen.includes(printed), `${printed} in\n${screen}`);
  },
);

async function onTerminal(
  words: readonly string[],
  answers: readonly (readonly [string, string])[],
  desk: Desk,
): Promise<string> {
  const script = fileURLToPath(new URL("../../test/cli/terminal.py", import.meta.url));
  const child = spawn("python3", [script], { env: environment(desk), stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ words, answers }));
  const ended: unknown = JSON.parse(await text(child.stdout));
  assert.ok(typeof ended === "object" && ended !== null && "screen" in ended && "unasked" in ended);
  assert.deepEqual(ended.unasked, [], String(ended.screen));
  return String(ended.screen);
}

test(
  "the guide's commands write the scripts where the shells look",
  { skip: process.platform === "win32" },
  async () => {
    using desk = new Desk();
    await furnish(desk, "bash");
    const guide = readFileSync(new URL("../../docs/guide/in-the-terminal.md", import.meta.url), "utf8");
    const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
    assert.equal(blocks.length, 3);
    for (const code of blocks) {
      execFileSync("/bin/sh", ["-ec", code], { env: environment(desk) });
      const file = / > ~\/(\S+)$/m.exec(code)?.[1] ?? "";
      assert.match(readFileSync(path.join(desk.folder, file), "utf8"), /postseal/);
    }
  },
);

test("for an unknown shell the error lists the known ones", async () => {
  const { code, stderr } = await postseal(["completion", "bsh"]);
  assert.equal(code, 64);
  assert.match(stderr, /completion needs a shell, one of bash, zsh, fish; did you mean bash\?/);
});
