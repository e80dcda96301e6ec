// Builds the packages into dist/: npm run package [-- [--rpm-only] NAME...], where NAME is drover-agent or drover-coordinator.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { buildDeb } from './build-deb.ts';
import { type BuiltPackage, buildRpm } from './build-rpm.ts';
import { ensureBuildTools } from './build-tools.ts';
import { type Component, components } from './components.ts';

const repositoryRoot = dirname(dirname(import.meta.dirname));
const outputFolder = join(repositoryRoot, 'dist');

try {
  const { values, positionals } = parseArgs({
    options: { 'rpm-only': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  await buildPackages(chooseComponents(positionals), values['rpm-only']);
} catch (error) {
  console.error(`package: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function buildPackages(chosen: readonly Component[], rpmOnly: boolean): Promise<void> {
  await ensureBuildTools();
  const identity = { version: await readVersion(), sourceDateEpoch: await readSourceDateEpoch() };
  for (const component of chosen) {
    const places = { repositoryRoot, outputFolder };
    const rpm = await tell(() => buildRpm(component, identity, places));
    if (component.debian && !rpmOnly) await tell(() => buildDeb(component, rpm, identity, places));
  }
}

/** Says what was built and how long it took; gives back its path. */
async function tell(build: () => Promise<BuiltPackage>): Promise<string> {
  const startedAt = performance.now();
  const { path, rebuilt } = await build();
  const megabytes = ((await stat(path)).size / 1e6).toFixed(1);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${relative(repositoryRoot, path)}: ${rebuilt ? 'built' : 'unchanged'}, ${megabytes} MB, ${seconds} s`);
  return path;
}

function chooseComponents(names: readonly string[]): readonly Component[] {
  const known = components.map((component) => component.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no package is named ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return components.filter((component) => names.length === 0 || names.includes(component.name));
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'));
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  ) {
    return manifest.version;
  }
  throw new Error('package.json has no version');
}

/** The time of the last commit; of a copy without its history, the variable SOURCE_DATE_EPOCH or 1 January 2026. */
async function readSourceDateEpoch(): Promise<number> {
  const fromEnvironment = process.env['SOURCE_DATE_EPOCH'];
  if (fromEnvironment !== undefined) return Number(fromEnvironment);
  const { failed, stdout } = await execa('git', ['log', '-1', '--format=%ct'], {
    cwd: repositoryRoot,
    reject: false,
    timeout: 10_000,
  });
  return failed ? Date.UTC(2026, 0, 1) / 1000 : Number(stdout);
}
