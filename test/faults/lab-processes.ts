import { readdir, readFile } from 'node:fs/promises';

/** A process that a lab has started, whoever its parent is by now. */
export interface LabProcess {
  readonly pid: number;
  /** `unit` = an operation's, which outlives its agent. */
  readonly kind: 'coordinator' | 'agent' | 'unit';
  /** What `ps` shows. */
  readonly command: string;
  /** Its environment, as `ps e` shows it. */
  readonly environment: string;
}

/** The processes whose command line names something in the lab's folder. */
export async function labProcesses(directory: string): Promise<readonly LabProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => readProcess(pid, directory)));
  return found.filter((each) => each !== undefined);
}

async function readProcess(pid: number, directory: string): Promise<LabProcess | undefined> {
  const command = await readWords(pid, 'cmdline');
  if (!command.includes(`${directory}/`)) return undefined;
  return { pid, kind: kindOf(command), command, environment: await readWords(pid, 'environ') };
}

function kindOf(command: string): LabProcess['kind'] {
  const daemon = /\/packages\/(coordinator|agent)\/src\/main\.ts /.exec(command)?.[1];
  return daemon === 'coordinator' || daemon === 'agent' ? daemon : 'unit';
}

/** Empty for a process that has just ended. */
async function readWords(pid: number, file: 'cmdline' | 'environ'): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}
