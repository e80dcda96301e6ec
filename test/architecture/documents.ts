import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A Markdown page of the repository. */
export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** Names every relative link whose file, or whose heading in it, is not there. */
export function linkFaults(root: string, pages: readonly Page[]): string[] {
  return pages.flatMap((page) =>
    [...page.text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(root, page, target))
      .map((target) => `${page.path}: ${target} is not there`),
  );
}

/** Names every `npm start`, `npm test` and `npm run NAME` of a page whose script package.json does not have. */
export function commandFaults(scripts: Readonly<Record<string, string>>, pages: readonly Page[]): string[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)]
      .map(([, run, short]) => run ?? short ?? '')
      .filter((name) => !Object.hasOwn(scripts, name))
      .map((name) => `${path}: package.json has no script ${name}`),
  );
}

function leadsSomewhere(root: string, page: Page, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const path = file === '' ? join(root, page.path) : join(root, dirname(page.path), file);
  if (!existsSync(path)) return false;
  return heading === undefined || headings(readFileSync(path, 'utf8')).includes(heading);
}

/** The names under which a page's headings can be linked to. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
