/** A progress bar for a long message, on a terminal only. */
import type { Progress } from "@postseal/mailer";

/** Octets below which a bar would be gone before it is read. */
const LONG = 1024 * 1024;
const WIDTH = 30;

export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class ProgressBar {
  readonly #terminal: Terminal;
  #shown = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  readonly progress: Progress = (sent, total) => {
    if (this.#terminal.isTTY !== true || (total ?? sent) < LONG) return;
    const line = total === undefined ? `sent ${mebibytes(sent)}` : barOf(sent, total);
    // Written only where it changed: a slice is 64 KiB, and the terminal is slower than the network.
    if (line === this.#shown) return;
    this.#shown = line;
    this.#terminal.write(`\r\u001b[2K${line}`);
  };

  clear(): void {
    if (this.#shown !== "") this.#terminal.write("\r\u001b[2K");
    this.#shown = "";
  }
}

/** What is sent includes the framing, so it may pass the total by a little. */
function barOf(sent: number, total: number): string {
  const part = Math.min(1, sent / total);
  const filled = Math.round(part * WIDTH);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${percent} % of ${mebibytes(total)}`;
}

function mebibytes(octets: number): string {
  return `${(octets / LONG).toFixed(1)} MiB`;
}
