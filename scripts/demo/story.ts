/** Prints the demo for an 80-column terminal, and counts the claims that were not observed. */
import { styleText } from "node:util";

const WIDTH = 76;

export class Story {
  #unseen = 0;

  /** Whether every claim was observed. */
  get isTrue(): boolean {
    return this.#unseen === 0;
  }

  title(text: string): void {
    this.#print(`\n${styleText("bold", text)}\n${"─".repeat(WIDTH)}`);
  }

  say(text: string): void {
    this.#print(wrap(text, ""));
  }

  /** Prints a line unwrapped. */
  show(line: string): void {
    this.#print(`    ${line}`);
  }

  /** Prints a quotation, wrapped and indented. */
  quote(text: string): void {
    this.#print(wrap(text, "    "));
  }

  /** Prints a claim with a mark that says whether it was observed. */
  claim(text: string, isObserved: boolean): void {
    if (!isObserved) this.#unseen += 1;
    this.#print(`  ${isObserved ? styleText("green", "✓") : styleText("red", "✗ NOT OBSERVED:")} ${text}`);
  }

  #print(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

function wrap(text: string, indent: string): string {
  const lines = [indent];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line.trim() === "" ? `${line}${word}` : `${line} ${word}`;
    if (longer.length <= WIDTH) lines.splice(-1, 1, longer);
    else lines.push(`${indent}${word}`);
  }
  return lines.join("\n");
}
