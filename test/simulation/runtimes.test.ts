import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterDocument } from '@drover/coordinator/simulation';
import { guardsWithout } from './guards.ts';
import { Operator } from './operator.ts';
import { Site } from './site.ts';
import { createSurroundings } from './surroundings.ts';

type Runtime = ClusterDocument['spec']['runtime'];

const surroundings = await createSurroundings();
const registry = { host: '10.213.0.1:5000', insecure: true };
const criDockerd = { version: '0.3.16', repository: 'docker-ce' };
const docker = { version: '28.5.1', containerdVersion: '1.7.28', repository: 'docker-ce', criDockerd };
const proxy = { https: 'http://10.213.0.9:3128', noProxy: ['10.213.0.1'] };
const cases: readonly (readonly [version: string, runtime: Runtime, shown: string])[] = [
  [
    'v1.20.2',
    { containerd: { version: '1.6.20', repository: 'docker-ce', registries: [registry] } },
    'containerd://1.6.20',
  ],
  [
    'v1.31.4',
    { containerd: { version: '2.1.5', repository: 'docker-ce', registries: [registry] } },
    'containerd://2.1.5',
  ],
  ['v1.28.15', { docker }, 'docker://28.5.1'],
];

suite('a cluster of today’s software', () => {
  for (const [version, runtime, shown] of cases) {
    test(`comes up: ${version} with ${shown}; and a second run changes nothing`, async () => {
      const site = createSite(version, runtime);
      await site.start();
      const first = await bringUp(site, 'the first');
      assert.equal(first.state, 'succeeded', JSON.stringify(first.problem));
      const nodes = Object.values(site.world.cluster()?.nodes ?? {});
      assert.deepEqual(
        nodes.map(({ kubeletVersion, runtimeVersion }) => [kubeletVersion, runtimeVersion]),
        nodes.map(() => [version, shown]),
      );
      assert.equal(nodes.length, 2);
      const second = await bringUp(site, 'the second');
      assert.deepEqual([second.state, second.summary?.changedSteps], ['succeeded', 0]);
    });
  }
});

function createSite(version: string, runtime: Runtime): Site {
  const { document } = surroundings;
  const kubernetes = { ...document.spec.kubernetes, version };
  const changed = { ...document, spec: { ...document.spec, kubernetes, runtime, proxy } };
  return new Site({ ...surroundings, document: changed, guards: guardsWithout(), seed: version, pace: 0 });
}

async function bringUp(site: Site, key: string) {
  const operator = new Operator(site, site.random.fork(key));
  const deadline = site.time.now + 300_000;
  while (site.time.now < deadline) {
    await site.time.passUntil(site.time.now + 1_000);
    if (operator.startedRuns.size === 0) void operator.bringUp(key);
    const run = (await site.runs()).find(({ runId, state }) => operator.startedRuns.has(runId) && ended.has(state));
    if (run !== undefined) return run;
  }
  assert.fail(`no run has ended: ${JSON.stringify(site.observer)}`);
}

const ended = new Set(['succeeded', 'failed', 'blocked', 'cancelled']);
