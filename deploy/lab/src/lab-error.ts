/** A fault of the lab, told for the person at the terminal: what was tried, why it failed, what to do. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** What the reader does next. */
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.remedy = remedy;
  }
}
