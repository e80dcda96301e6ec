import { join } from 'node:path';
import { execa } from 'execa';

const repositoryRoot = join(import.meta.dirname, '..', '..');
const clientEntry = join(repositoryRoot, 'packages', 'cli', 'src', 'main.ts');

/** The client, run as a person would run it. */
export interface Drover {
  /** Standard output of a command that succeeded. Throws with the client's own words otherwise. */
  read(argumentList: readonly string[]): Promise<string>;
  /** Shows the command, lets it write to the terminal, and returns its exit code. */
  show(argumentList: readonly string[]): Promise<number>;
}

/** Binds the client's configuration file. */
export function createDrover(configuration: string, signal: AbortSignal): Drover {
  const options = {
    env: { DROVER_CONFIG: configuration, NODE_NO_WARNINGS: '1' },
    cancelSignal: signal,
    reject: false,
  } as const;
  return {
    read: async (argumentList) => {
      const result = await execa(process.execPath, [clientEntry, ...argumentList], { ...options, timeout: 60_000 });
      if (result.exitCode === 0) return result.stdout;
      throw new Error(`drover ${argumentList.join(' ')}: ${result.stderr.trim() || result.originalMessage}`);
    },
    show: async (argumentList) => {
      process.stdout.write(`\n$ npm run drover -- ${argumentList.join(' ')}\n`);
      const { exitCode } = await execa(process.execPath, [clientEntry, ...argumentList], {
        ...options,
        stdio: 'inherit',
      });
      return exitCode ?? 1;
    },
  };
}
