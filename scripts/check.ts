// Runs every check that needs no running system, side by side, and shows only what failed.
import { relative } from 'node:path';
import { type CommandResult, runCommand } from './command.ts';
import { repositoryRoot, toolPath } from './repository.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const checks: readonly Check[] = [
  { name: 'format', command: [toolPath('biome'), 'check', '--linter-enabled=false', '--error-on-warnings'] },
  { name: 'lint', command: [toolPath('oxlint')] },
  { name: 'types', command: [toolPath('tsc'), '--noEmit', '--project', 'tsconfig.json'] },
  { name: 'unused code', command: [toolPath('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'generated files', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'architecture', command: [process.execPath, 'scripts/test.ts', 'test/architecture/'] },
];

const results = await Promise.all(checks.map((check) => runCheck(check)));
for (const { check, result } of results.filter((each) => each.result.status !== 0)) {
  const [command, ...args] = check.command;
  console.log(
    `\n--- ${check.name}: ${relative(repositoryRoot, command)} ${args.join(' ')}\n${result.output.trimEnd()}`,
  );
  process.exitCode = 1;
}

async function runCheck(check: Check): Promise<{ check: Check; result: CommandResult }> {
  const [command, ...args] = check.command;
  const result = await runCommand(command, args, { cwd: repositoryRoot, timeoutMs: 300_000 });
  const seconds = (result.durationMs / 1000).toFixed(1);
  console.log(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(16)} ${seconds.padStart(5)} s`);
  return { check, result };
}
