import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../integration/until.ts';
import { drover, droverJson, onHost } from '../quick-start.ts';
import { untilClaim } from './claims.ts';
import { rejoinMs } from './rejoins.ts';
import type { Site } from './site.ts';

const controlPlane = 'control-plane-1';

interface NodeWithRejoin {
  readonly name: string;
  readonly rejoin?: { readonly state: string; readonly problem?: { readonly code: string } };
}

/** The only control-plane node, whose disk is thrown away. The cluster is no more afterwards. */
export function testOnlyControlPlane({ reimage }: Site): void {
  test('the only control-plane node comes back as nothing: somebody approves, and no cluster is initialised again', async () => {
    await reimage(controlPlane);
    const { claimId } = await untilClaim(
      `a claim of ${controlPlane} to wait for somebody`,
      ({ node, state }) => node === controlPlane && state === 'pending',
    );
    const { exitCode, all } = await drover('claims', 'approve', claimId);
    assert.equal(exitCode, 0, all);
    let problem: string | undefined;
    await until(
      () => `the rejoin of ${controlPlane} to be blocked`,
      async () => {
        const nodes = await droverJson<readonly NodeWithRejoin[]>('get', 'nodes');
        const { rejoin } = nodes.find(({ name }) => name === controlPlane) ?? {};
        problem = rejoin?.problem?.code;
        return rejoin?.state === 'blocked';
      },
      rejoinMs,
    );
    assert.equal(problem, 'control-plane-lost');
    const applied = await drover('run', 'lab');
    assert.match(applied.all, /control-plane-lost/);
    assert.equal(await onHost(controlPlane, 'sh', '-c', 'ls /etc/kubernetes 2>/dev/null || true'), '');
  });
}
