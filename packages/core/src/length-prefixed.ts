/** Parts in one sequence of bytes, every part behind its length, so that none can move into its neighbour. */
export function encodeLengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(typeof part === 'string' ? Buffer.from(part, 'utf8') : part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
