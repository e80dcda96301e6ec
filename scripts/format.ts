// Formats every file, or those named, and sorts their imports.
import { runCommand } from './command.ts';
import { repositoryRoot, toolPath } from './repository.ts';

const args = ['check', '--write', '--linter-enabled=false', ...process.argv.slice(2)];
const result = await runCommand(toolPath('biome'), args, { cwd: repositoryRoot, timeoutMs: 60_000, stdio: 'inherit' });
process.exitCode = result.status ?? 1;
