import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  const kind = command.includes(join(directory, 'coordinator.yaml'))
    ? 'coordinator'
    : /\/agent\.yaml/.test(command)
      ? 'agent'
      : 'unit';
  return { pid, kind, command, environment: await readWords(pid, 'environ') };
}

/** Empty for a process that has just ended. */
async function readWords(pid: number, file: 'cmdline' | 'environ'): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}
