import { command, quote } from './quote.ts';

/**
 * Lines between Drover's marks at the top of a file, whatever is in it: what stood between them goes, and every other line
 * stays. No lines, no block.
 */
export function ownBlock(path: string, lines: readonly string[]): readonly string[] {
  const [file, next] = [quote(path), quote(`${path}.drover`)];
  const others = command('sed', '/^# BEGIN drover[[:space:]]*$/,/^# END drover[[:space:]]*$/d', path);
  const block =
    lines.length === 0 ? [] : [command('printf', String.raw`%s\n`, '# BEGIN drover', ...lines, '# END drover')];
  return [[`{ ${[...block, others].join('\n')}`, `} > ${next}`].join('\n'), `cat ${next} > ${file}`, `rm -f ${next}`];
}
