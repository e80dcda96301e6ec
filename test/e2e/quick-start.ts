import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execOnHost, findHost, type Lab, labFromEnvironment, startService } from '@drover/lab';
import { execa, type ResultPromise } from 'execa';

export const repositoryRoot = join(import.meta.dirname, '..', '..');

/** The lab that `npm start` uses. */
export const lab: Lab = labFromEnvironment(process.env);

const npmOptions = { cwd: repositoryRoot, all: true, reject: false, timeout: 45 * 60_000 } as const;

/** A command of package.json, run as a person would run it, with what it printed. */
export function npm(...argumentList: readonly string[]): ResultPromise<typeof npmOptions> {
  const child = execa('npm', argumentList, npmOptions);
  // What it says belongs into CI's log as it comes: a start of many minutes must not be silent.
  child.all.pipe(process.stderr, { end: false });
  return child;
}

/** Runs `drover` against the lab's coordinator. */
export async function drover(...argumentList: readonly string[]) {
  const entry = join(repositoryRoot, 'packages', 'cli', 'src', 'main.ts');
  const env = { DROVER_CONFIG: join(lab.directory, 'drover.yaml') };
  return await execa(process.execPath, [entry, ...argumentList], {
    env,
    reject: false,
    timeout: 20 * 60_000,
    all: true,
  });
}

/** A document that `drover … -o json` shows. */
export async function droverJson<Document>(...argumentList: readonly string[]): Promise<Document> {
  const { stdout, exitCode, stderr } = await drover(...argumentList, '-o', 'json');
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout) as Document;
}

/** A cluster file of deploy/examples as it is for this lab, wherever it is put. */
export async function readExample(name: string): Promise<string> {
  const text = await readFile(join(repositoryRoot, 'deploy', 'examples', name), 'utf8');
  // A lab of another subnet has a manifest of its own in its place.
  const manifests = lab.subnet === '10.213.0' ? join(repositoryRoot, 'deploy', 'lab', 'manifests') : lab.directory;
  return text
    .replaceAll('10.213.0.', `${lab.subnet}.`)
    .replace('../lab/manifests/network.yaml', join(manifests, 'network.yaml'));
}

/** Standard output of a command on a host; it must succeed. */
export async function onHost(name: string, ...argv: readonly [string, ...string[]]): Promise<string> {
  const { exitCode, stdout, stderr } = await execOnHost(lab, await findHost(lab, name), argv, { timeoutMs: 60_000 });
  assert.equal(exitCode, 0, `${argv.join(' ')} on ${name}: ${stderr}`);
  return stdout;
}

/** kubectl on the control-plane node, as its administrator. */
export function kubectl(...argumentList: readonly string[]): Promise<string> {
  return onHost('control-plane-1', 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...argumentList);
}

/** The Node objects: name, readiness, version. */
export async function clusterNodes(): Promise<readonly { name: string; ready: boolean; version: string }[]> {
  const { items } = JSON.parse(await kubectl('get', 'nodes', '-o', 'json')) as { items: readonly NodeObject[] };
  return items.map((node) => ({
    name: node.metadata.name,
    ready: node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    version: node.status.nodeInfo.kubeletVersion,
  }));
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly kubeletVersion: string };
  };
}

/** Ends the lab's coordinator as a crash would, and waits until it is gone. */
export async function killCoordinator(): Promise<void> {
  const pid = Number(await readFile(join(lab.directory, 'coordinator.pid'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  for (const deadline = performance.now() + 10_000; await isRunning(pid); ) {
    assert.ok(performance.now() < deadline, `process ${pid} is not gone`);
    await delay(50);
  }
}

/** Starts the lab's coordinator again, over the data that it left. */
export async function startCoordinator(): Promise<void> {
  const entry = join(repositoryRoot, 'packages', 'coordinator', 'src', 'main.ts');
  const configuration = join(lab.directory, 'coordinator.yaml');
  await startService(lab, { name: 'coordinator', argv: [process.execPath, entry, '--config', configuration] });
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // A zombie has ended: whoever started it has not asked yet.
  return status !== '' && !status.includes(') Z ');
}

/** A run and its steps, as `drover get runs RUN` shows them. */
export interface RunDocument {
  readonly run: {
    readonly runId: string;
    readonly state: string;
    readonly workflow: string;
    readonly problem?: { readonly code: string };
    readonly summary?: { readonly wallMs: number; readonly overheadMs: number; readonly changedSteps: number };
  };
  readonly plan: { readonly steps: readonly { readonly id: string; readonly node: string }[] };
  readonly steps: readonly {
    readonly stepId: string;
    readonly state: string;
    readonly attempts: number;
    readonly changed?: boolean;
  }[];
}

/** The newest run. */
export async function latestRun(): Promise<RunDocument> {
  const runs = await droverJson<readonly { runId: string; createdAt: string }[]>('get', 'runs');
  const newest = runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  assert.ok(newest, 'there is a run');
  return await droverJson<RunDocument>('get', 'runs', newest.runId);
}
