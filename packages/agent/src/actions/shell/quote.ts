/** A word that bash reads back as it is, whatever is in it. Throws a TypeError for a NUL, which no command can be given. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('no command can be given a NUL');
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command of one line, or of as many as its words have. */
export function command(...words: readonly [string, ...string[]]): string {
  return words.map(quote).join(' ');
}

/** A comment: each line of the text on a line of its own, without what moves a terminal's cursor. */
export function comment(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `# ${line.replaceAll(/\p{C}/gu, ' ')}`.trimEnd())
    .join('\n');
}
