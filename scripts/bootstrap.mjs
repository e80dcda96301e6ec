// Runs a TypeScript file of this repository with the pinned Node.js, on a machine that has only an older Node.js and npm.
// Fetches the pinned Node.js and pnpm into .tools/ and the dependencies from the lockfile, each only when missing or
// changed; nothing is installed globally (but see ensureNodeRuns). Plain JavaScript, because the machine's own Node.js runs it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeVersion = '26.10.0';
const pnpmVersion = '12.21.0';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeBinary = join(tools, 'node_modules', nodePackage, 'bin', 'node');
const pnpmEntry = join(tools, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');

const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) fail('usage: node scripts/bootstrap.mjs FILE.ts [ARGUMENT...]');

await withLock(async () => {
  installTools();
  installDependencies();
});
run();

function installTools() {
  const wanted = `node ${nodeVersion} pnpm ${pnpmVersion} ${process.platform}-${process.arch}\n`;
  const stamp = join(tools, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say(`fetching Node.js ${nodeVersion} and pnpm ${pnpmVersion} from the npm registry into .tools/`);
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'package.json'), '{"private":true}\n');
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  must('npm', ['install', '--prefix', tools, ...flags, `${nodePackage}@${nodeVersion}`, `pnpm@${pnpmVersion}`]);
  ensureNodeRuns();
  writeFileSync(stamp, wanted);
}

/**
 * The official Node.js 26 is linked against libatomic, which a minimal Debian lacks. It is a part of the system's C runtime
 * and cannot be put beside Node.js without every program that Node.js starts being given it too, so this alone is installed.
 */
function ensureNodeRuns() {
  if (startsWell(nodeBinary)) return;
  if (process.getuid?.() === 0 && startsWell('apt-get')) {
    say('installing libatomic1, which this Node.js is linked against');
    const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
    const install = () => spawnSync('apt-get', [...apt, 'install', '--yes', 'libatomic1'], { stdio: 'ignore' }).status;
    // A machine that has never looked for packages knows of none.
    if (install() !== 0 && spawnSync('apt-get', [...apt, 'update'], { stdio: 'ignore' }).status === 0) install();
  }
  if (startsWell(nodeBinary)) return;
  const { stderr } = spawnSync(nodeBinary, ['--version'], { encoding: 'utf8' });
  fail(`Node.js ${nodeVersion} does not run here: ${(stderr ?? '').trim()}
drover: it needs glibc 2.28 and libatomic: apt-get install libatomic1, or dnf install libatomic`);
}

function startsWell(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function installDependencies() {
  const lockfile = join(root, 'pnpm-lock.yaml');
  const wanted = `${createHash('sha256').update(readFileSync(lockfile)).digest('hex')}\n`;
  const stamp = join(root, 'node_modules', '.drover-lockfile');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing dependencies from the lockfile');
  const flags = ['--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false'];
  must(nodeBinary, [pnpmEntry, 'install', ...flags, '--reporter=append-only', '--loglevel=warn']);
  writeFileSync(stamp, wanted);
}

/** Runs `work` while holding .tools/lock, so that two commands started at once do not install over each other. */
async function withLock(work) {
  mkdirSync(tools, { recursive: true });
  const lock = join(tools, 'lock');
  const deadline = Date.now() + 300_000;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (lockIsStale(lock)) rmSync(lock, { force: true });
      else if (Date.now() > deadline)
        fail(`another command has held ${lock} for 5 minutes; remove it if none is running`);
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function lockIsStale(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** What was compiled once, types stripped, is kept: programs that run from their sources start in half the time. */
function run() {
  const child = spawn(nodeBinary, [join(root, script), ...scriptArguments], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: join(tools, 'compile-cache'), ...environment() },
  });
  // A terminal's interrupt reaches the child too; this process only waits for it and passes on its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  }
  child.on('error', (error) => fail(`cannot start ${nodeBinary}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

/** The pinned Node.js comes first on the path, so that everything started from here finds it. */
function environment() {
  return { ...process.env, PATH: `${dirname(nodeBinary)}:${process.env.PATH ?? ''}` };
}

function must(command, argumentList) {
  const result = spawnSync(command, argumentList, {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0)
    fail(`${command} ${argumentList[0]} ended with ${result.status ?? result.signal}; see above`);
}

function say(line) {
  process.stderr.write(`drover: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
