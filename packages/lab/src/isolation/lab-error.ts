/** What keeps the lab itself from working. What a client does wrong is no error of the lab: it is in the report. */

export type LabErrorCode =
  /** The client's program cannot be started. */
  | "LAB_COMMAND"
  /** There is no place for a private folder. */
  | "LAB_FOLDER"
  /** A port or an address cannot be had. */
  | "LAB_LISTEN"
  /** A process of the lab has ended on its own, or could not furnish its place. */
  | "LAB_WORKER";

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
