// A machine that is wrong in many ways becomes a node, and stays one. One story: each test begins where the one before has
// ended.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execOnHost, findHost } from '@drover/lab';
import { parse, stringify } from 'yaml';
import { until } from '../integration/until.ts';
import { createSite, enrollByFile, succeed, untilConnected } from './adoption/site.ts';
import { clusterNodes, drover, droverJson, lab, onHost, readExample } from './quick-start.ts';
import { drifts } from './ready-hosts/drifts.ts';
import { installForeign } from './ready-hosts/foreign-package.ts';
import { wrongs } from './ready-hosts/wrongs.ts';

const [controlPlane, worker] = ['control-plane-1', 'worker-1'] as const;
const site = createSite();
const foundWithinMs = 60_000;
const mendedWithinMs = 120_000;

interface PlanDocument {
  readonly hash?: string;
  readonly findings: readonly { readonly check: string; readonly node?: string; readonly message: string }[];
  readonly steps: readonly {
    readonly node: string;
    readonly changes: readonly ChangeDocument[];
  }[];
}

interface ChangeDocument {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  readonly diff?: string;
}

interface StandingFinding {
  readonly node?: string;
  readonly check: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly since: string;
  readonly resolvedAt?: string;
}

before(async () => {
  await site.start();
  await site.startCoordinator();
  await Promise.all([enrollByFile(controlPlane), enrollByFile(worker)]);
  await untilConnected([controlPlane, worker]);
  for (const { spoil } of wrongs) await onHost(worker, 'sh', '-c', spoil);
  await installForeign(worker, 'kubectl', '1.19.9');
  await writeFile(clusterFile(), twoNodes(await readExample('lab.yaml')));
});
after(() => site.dispose());

test('the plan names everything that is wrong with a machine, before anything is changed', async () => {
  const { findings, steps } = await droverJson<PlanDocument>('plan', '-f', clusterFile());
  const changes = steps.filter(({ node }) => node === worker).flatMap((step) => step.changes);
  const unnamed = wrongs.filter(({ named }) =>
    'check' in named
      ? !findings.some(
          ({ check, node, message }) => node === worker && check === named.check && named.text.test(message),
        )
      : !changes.some(
          ({ subject, before: from, after: to, diff = '' }) =>
            named.subject.test(subject) && named.text.test(`${from}\n${to}\n${diff}`),
        ),
  );
  assert.deepEqual(
    unnamed.map(({ name }) => name),
    [],
    JSON.stringify({ findings, changes }, null, 1),
  );
  assert.deepEqual(await mended(wrongs), [], 'nothing is mended yet');
});

test('applied, the machine is a Ready node, everything is mended, and what others had set is there', async () => {
  await succeed(drover('apply', '-f', clusterFile()));
  assert.deepEqual(
    (await clusterNodes()).map(({ name, ready }) => [name, ready]),
    [
      [controlPlane, true],
      [worker, true],
    ],
  );
  assert.deepEqual(
    await mended(wrongs),
    wrongs.map(({ name }) => name),
  );
});

test('what happens to it afterwards is found within a minute, and mended by a run of its own', async () => {
  for (const drift of drifts) {
    const spoiltAtMs = Date.now();
    if (drift.spoil === undefined) await installForeign(worker, 'kubeadm', '1.20.9');
    else await onHost(worker, 'sh', '-c', drift.spoil);
    const finding = await standing(drift.check, drift.text, spoiltAtMs);
    const foundMs = Date.parse(finding.since) - spoiltAtMs;
    await until(
      () => `${drift.name} to be mended`,
      async () => (await mended([drift])).length === 1,
      mendedWithinMs,
    );
    console.log(drift.name, { foundMs, mendedMs: Date.now() - spoiltAtMs });
    assert.ok(foundMs < foundWithinMs, `${drift.name} was found after ${foundMs} ms`);
  }
  const runs = await droverJson<readonly { workflow: string; state: string }[]>('get', 'runs');
  const repairs = runs.filter(({ workflow }) => workflow === 'repair-drift');
  assert.equal(repairs.length, drifts.length);
  await until(
    () => 'every finding to be over',
    async () => (await currentFindings()).every(({ check }) => drifts.every((drift) => drift.check !== check)),
    60_000,
  );
});

function clusterFile(): string {
  return join(site.folder(), 'cluster.yaml');
}

/** The example without its third host, and with everything repaired that can be. */
function twoNodes(text: string): string {
  const document = parse(text) as { spec: { nodes: { name: string }[]; drift?: object } };
  document.spec.nodes = document.spec.nodes.filter(({ name }) => name !== 'worker-2');
  document.spec.drift = { checks: Object.fromEntries(drifts.map(({ check }) => [check, 'repair'])) };
  return stringify(document);
}

/** The names of those that are as they should be. */
async function mended(
  what: readonly { readonly name: string; readonly isMended: string }[],
): Promise<readonly string[]> {
  const host = await findHost(lab, worker);
  const found = await Promise.all(
    what.map(async ({ name, isMended }) => {
      const { exitCode } = await execOnHost(lab, host, ['sh', '-c', isMended], { timeoutMs: 60_000 });
      return exitCode === 0 ? [name] : [];
    }),
  );
  return found.flat();
}

async function currentFindings(...options: readonly string[]): Promise<readonly StandingFinding[]> {
  return await droverJson<readonly StandingFinding[]>('drift', 'lab', '--node', worker, ...options);
}

/** What was found since then, be it mended already. */
async function standing(check: string, text: RegExp, sinceMs: number): Promise<StandingFinding> {
  let found: StandingFinding | undefined;
  await until(
    () => `${check} to be found`,
    async () => {
      found = (await currentFindings('--all')).find(
        (finding) =>
          finding.check === check &&
          Date.parse(finding.since) >= sinceMs &&
          [finding.message, ...finding.evidence].some((line) => text.test(line)),
      );
      return found !== undefined;
    },
    foundWithinMs,
  );
  assert.ok(found);
  return found;
}
