/** A progress bar for a long message; only on a terminal. */
import type { Progress } from "@postseal/mailer";
import { amountOf } from "../amount.ts";
import type { Output } from "../output.ts";

/** In octets. Below it, a bar would be gone before anybody could read it. */
const LONG = 1024 * 1024;
const WIDTH = 30;

export class ProgressBar {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  readonly progress: Progress = (sent, total) => {
    if ((total ?? sent) < LONG) return;
    this.#output.status(total === undefined ? `sent ${amountOf(sent)}` : barOf(sent, total));
  };

  clear(): void {
    this.#output.clearStatus();
  }
}

/** `sent` includes the framing, so it may exceed the total slightly. */
function barOf(sent: number, total: number): string {
  const part = Math.min(1, sent / total);
  const filled = Math.round(part * WIDTH);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${percent} % of ${amountOf(total)}`;
}
