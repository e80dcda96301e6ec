import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { execOnHost } from './exec-on-host.ts';
import type { Host } from './host.ts';

/** A file to be written in a host. */
export interface HostFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /** Permission bits, as in `0o600`. */
  readonly mode: number;
}

/** Writes a file in a host, with its folders: a temporary file first, so that nobody there reads a part of it. */
export async function writeHostFile(lab: Lab, host: Host, { path, content, mode }: HostFile): Promise<void> {
  const temporary = `${path}.drover-lab`;
  const steps = [
    { argv: ['install', '-D', `--mode=${mode.toString(8)}`, '/dev/null', temporary] },
    { argv: ['dd', `of=${temporary}`, 'conv=fsync', 'status=none'], input: content },
    { argv: ['mv', '--force', temporary, path] },
  ];
  for (const { argv, ...options } of steps) {
    const { exitCode, stderr } = await execOnHost(lab, host, argv, options);
    if (exitCode !== 0) throw new LabError(`cannot write ${path} on ${host.name}: ${stderr.trim()}`, 'See above.');
  }
}
