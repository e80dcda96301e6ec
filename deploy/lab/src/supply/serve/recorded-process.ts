import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process that outlives the one that started it. */
export interface RecordedProcess {
  /** Names its `<name>.pid` and `<name>.log` in the state directory. */
  readonly name: string;
  /** Program (an absolute path) and arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly stateDirectory: string;
  /** A cgroup directory to run in. Default: the caller's cgroup. */
  readonly cgroup?: string;
}

/**
 * Starts the program in a session of its own. The process writes its own pid file and joins its cgroup before it
 * becomes the program, so whoever kills the caller at any moment leaves nothing running that was not recorded.
 */
export async function startRecorded(options: RecordedProcess): Promise<number> {
  const { name, argv, stateDirectory, cgroup } = options;
  const log = await open(join(stateDirectory, `${name}.log`), 'a');
  try {
    const recorder = fileURLToPath(import.meta.resolve('./become-recorded.ts'));
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', recorder, join(stateDirectory, `${name}.pid`), cgroup ?? '', ...argv],
      { cwd: '/', detached: true, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: ['ignore', log.fd, log.fd] },
    );
    child.unref();
    if (child.pid === undefined) throw new Error(`tried to start ${name}: ${process.execPath} cannot be run`);
    return child.pid;
  } finally {
    await log.close();
  }
}
