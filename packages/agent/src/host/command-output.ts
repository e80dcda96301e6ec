/** What is kept of each stream of a command. */
const limitCharacters = 1024 * 1024;

/** A line that is longer is handed on in pieces. */
const lineLimitCharacters = 8 * 1024;

/** The end of a stream's text, and its lines as they come. */
export interface CommandOutput {
  /** Takes the next piece of decoded text. */
  readonly push: (chunk: string) => void;
  /** Hands on a last line that has no line break. */
  readonly end: () => void;
  /** The last 1 MiB. */
  readonly text: () => string;
}

/** Collects one stream of a command. A carriage return ends a line too: progress bars use it. */
export function createCommandOutput(onLine: (line: string) => void): CommandOutput {
  let text = '';
  let line = '';
  return {
    push(chunk) {
      text = (text + chunk).slice(-limitCharacters);
      const pieces = (line + chunk).split(/\r?\n|\r/);
      line = pieces.pop() ?? '';
      for (const piece of pieces) onLine(piece);
      while (line.length > lineLimitCharacters) {
        onLine(line.slice(0, lineLimitCharacters));
        line = line.slice(lineLimitCharacters);
      }
    },
    end() {
      if (line !== '') onLine(line);
      line = '';
    },
    text: () => text,
  };
}
