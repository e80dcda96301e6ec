import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  execOnHost,
  type Host,
  type Lab,
  labFromEnvironment,
  readState,
  writeHostFile,
} from '../deploy/lab/src/index.ts';
import { writeBundles } from '../deploy/rpm/bundle.ts';
import { openDetachedSupervisor } from '../packages/agent/src/units/detached-supervisor.ts';
import type { Benchmark, Reading } from './benchmark.ts';
import { measureUnits } from './measure-units.ts';

const repositoryRoot = dirname(import.meta.dirname);

/**
 * What it costs that operations run outside of the agent: with ordinary processes on this machine, and with units of
 * systemd on the first host of the lab, if the lab is up and that host has the agent (`npm start`).
 */
export const operationUnitBenchmark: Benchmark = {
  name: 'operation-unit',
  run: async () => {
    const onHost = await measureOnLabHost(labFromEnvironment(process.env));
    return [...labelled('process', await measureHere()), ...labelled('systemd', onHost)];
  },
};

function labelled(form: string, readings: readonly Reading[]): readonly Reading[] {
  return readings.map((reading) => ({ ...reading, what: `${form}: ${reading.what}` }));
}

async function measureHere(): Promise<readonly Reading[]> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  try {
    return await measureUnits({
      host: { kind: 'simulated', directory: join(directory, 'machine') },
      supervisor: await openDetachedSupervisor({ directory: join(directory, 'processes') }),
      program: [process.execPath, join(repositoryRoot, 'packages', 'agent', 'src', 'unit-main.ts')],
      coldRounds: 10,
      warmRounds: 50,
    });
  } finally {
    await rm(directory, { recursive: true, maxRetries: 10 });
  }
}

/** No readings without a lab whose first host has the agent's package. */
async function measureOnLabHost(lab: Lab): Promise<readonly Reading[]> {
  const [host] = (await readState(lab)).hosts;
  const folder = '/usr/lib/drover/agent';
  if (host === undefined || !(await hasFile(lab, host, `${folder}/unit.mjs`))) {
    console.error('operation-unit: no host of the lab has the agent; `npm start` first to measure units of systemd');
    return [];
  }
  const program = '/run/drover-bench.mjs';
  await writeHostFile(lab, host, { path: program, content: await bundleProgram(), mode: 0o600 });
  const { exitCode, stdout, stderr } = await execOnHost(lab, host, [`${folder}/bin/node`, program], {
    timeoutMs: 120_000,
  });
  await execOnHost(lab, host, ['rm', program]);
  if (exitCode !== 0) throw new Error(`measuring on ${host.name} failed: ${stderr}`);
  return JSON.parse(stdout) as readonly Reading[];
}

async function hasFile(lab: Lab, host: Host, path: string): Promise<boolean> {
  return (await execOnHost(lab, host, ['test', '-e', path])).exitCode === 0;
}

async function bundleProgram(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  try {
    await writeBundles([{ entry: 'bench/units-on-host.ts', output: 'program.mjs' }], repositoryRoot, folder);
    return await readFile(join(folder, 'program.mjs'), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}
