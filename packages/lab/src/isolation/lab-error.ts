/** Failures of the lab itself. What a client does wrong is not a failure of the lab: it is in the report. */

export type LabErrorCode =
  /** The client's program cannot be started. */
  | "LAB_COMMAND"
  /** No private folder can be made. */
  | "LAB_FOLDER"
  /** A port or an address is not available. */
  | "LAB_LISTEN"
  /** A process of the lab ended by itself, or could not set up its sandbox. */
  | "LAB_WORKER";

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
