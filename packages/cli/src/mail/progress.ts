/** A progress bar for a long message, on a terminal only. */
import type { Progress } from "@postseal/mailer";
import type { Output } from "../output.ts";

/** Octets below which a bar would be gone before it is read. */
const LONG = 1024 * 1024;
const WIDTH = 30;

export class ProgressBar {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  readonly progress: Progress = (sent, total) => {
    if ((total ?? sent) < LONG) return;
    this.#output.status(total === undefined ? `sent ${mebibytes(sent)}` : barOf(sent, total));
  };

  clear(): void {
    this.#output.clearStatus();
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
