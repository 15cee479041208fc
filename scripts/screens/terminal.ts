/** A terminal in tmux: keys go in, and the text of the screen comes out. */
import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two looks at the screen, and the number of looks after which it gives up. */
const BETWEEN = 100;
const LOOKS = 300;
const PROMPT = "$ ";

export class Terminal implements Disposable {
  readonly #socket: string;
  readonly #columns: number;

  constructor({
    socket,
    columns,
    home,
    environment,
  }: {
    readonly socket: string;
    readonly columns: number;
    readonly home: string;
    readonly environment: Readonly<Record<string, string>>;
  }) {
    this.#socket = socket;
    this.#columns = columns;
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const shell = ["env", "-i", ...variables, "TERM=screen-256color", "bash", "--norc", "--noprofile"];
    this.#tmux("-f", "/dev/null", "new-session", "-d", "-x", String(this.#columns), "-y", "70", "-c", home, ...shell);
  }

  /** Types a line, and waits until the screen ends with `until`. */
  async type(line: string, until: string = PROMPT): Promise<string> {
    this.#tmux("send-keys", "-l", line);
    this.#tmux("send-keys", "Enter");
    return this.until((screen) => screen.endsWith(until.trimEnd()) && screen.includes("\n"));
  }

  async until(isThere: (screen: string) => boolean): Promise<string> {
    let screen = "";
    for (let look = 0; look < LOOKS; look += 1) {
      screen = this.#tmux("capture-pane", "-p").trimEnd();
      if (isThere(screen)) return screen;
      await wait(BETWEEN);
    }
    throw new Error(`the screen never showed what was expected:\n${screen}`);
  }

  clear(): Promise<string> {
    this.#tmux("send-keys", "-l", "clear");
    this.#tmux("send-keys", "Enter");
    return this.until((screen) => screen === PROMPT.trimEnd());
  }

  [Symbol.dispose](): void {
    this.#tmux("kill-server");
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync("tmux", ["-S", this.#socket, ...words], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
    });
  }
}
