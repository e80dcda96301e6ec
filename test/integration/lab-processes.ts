import { readdir, readFile } from 'node:fs/promises';
import { until } from './until.ts';

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

/** Sends SIGKILL to a process. False when it had ended by itself. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends whatever a lab has started; resolves when all of it is gone. */
export async function killLabProcesses(directory: string): Promise<void> {
  await until(
    () => `the processes of ${directory} to end`,
    async () => {
      const left = await labProcesses(directory);
      for (const { pid } of left) killProcess(pid);
      return left.length === 0;
    },
  );
}

async function readProcess(pid: number, directory: string): Promise<LabProcess | undefined> {
  const command = await readWords(pid, 'cmdline');
  if (!command.includes(`${directory}/`)) return undefined;
  return { pid, kind: kindOf(command), command, environment: await readWords(pid, 'environ') };
}

/** Programs are run from their sources, or as they are packaged. */
function kindOf(command: string): LabProcess['kind'] {
  const [kind] = (['coordinator', 'agent'] as const).filter(
    (name) => command.includes(`/packages/${name}/src/main.ts `) || command.includes(`/drover-${name}/${name}.mjs `),
  );
  return kind ?? 'unit';
}

/** Empty for a process that has just ended. */
async function readWords(pid: number, file: 'cmdline' | 'environ'): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}
