/** The `code` of a system error, as in `ENOENT`; undefined for anything else that was thrown. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
