/** A row holds what no version of the outbox has written. */

export class RecordError extends Error {
  constructor(column: string) {
    super(`the column ${column} holds what no outbox has written`);
  }

  override get name(): string {
    return "RecordError";
  }
}
