/** A text without what moves a terminal's cursor: for what callers and machines made it. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '·');
}
