import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findHost, heal, partition, reboot } from '@drover/lab';
import { drover, lab, latestRun } from '../quick-start.ts';
import type { Trace } from '../secret-search/host-search.ts';
import { createSecretSearch } from '../secret-search/secret-search.ts';
import { strikes } from '../strikes.ts';
import { voters } from './etcd.ts';
import { type Attempt, authorityKeys, catchJoin, secretsOf, signalJoin, untilFileGone } from './join-attempts.ts';
import { controlPlanes, untilWhole } from './site.ts';

const target = 'control-plane-3';
/** The first that is healthy. */
const acting = 'control-plane-1';

/** A join that is held in its middle. */
interface Caught {
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Catches the next one, of the same attempt or another. */
  again(): Promise<unknown>;
}

/** What is done to a join that was caught. Afterwards none is at work, and the run begins no other. */
const failures: Readonly<Record<string, (caught: Caught) => Promise<unknown>>> = {
  'kubeadm is killed': ({ runId }) => endAttempt(runId),
  'its unit is killed, and the agent': async ({ runId, again }) => {
    await Promise.all([strikes.units(target), strikes.agent(target)]);
    await again();
    await endAttempt(runId);
  },
  'the API cannot be reached any more': async ({ runId }) => {
    const joining = await findHost(lab, target);
    for (const name of [acting, 'control-plane-2']) await partition(lab, joining, await findHost(lab, name));
    await signalJoin(target, 'CONT');
    await delay(2_000);
    // It would try for minutes.
    await endAttempt(runId);
    await heal(lab);
  },
  'the machine loses its power': async ({ runId, signal, again }) => {
    await reboot(lab, await findHost(lab, target), { powerCut: true, signal });
    await again();
    await endAttempt(runId);
  },
  'the run is cancelled': async ({ runId }) => {
    await drover('runs', 'cancel', runId);
    await signalJoin(target, 'CONT');
  },
};

/** A run that is paused tries nothing again. */
async function endAttempt(runId: string): Promise<void> {
  await drover('runs', 'pause', runId);
  await signalJoin(target, 'KILL');
}

/** Joins of a control-plane node, which is handed the cluster’s keys, that do not come to their end. */
export function testFailingJoins(): void {
  test('of a join that fails no credential is left anywhere, however it fails, nor of the one that succeeds', async (t) => {
    const search = await createSecretSearch([target, acting]);
    const keys = await authorityKeys(acting);
    const over = new AbortController();
    const watching = search.watchProcesses(over.signal);
    const attempts: Attempt[] = [];
    const catchNext = async (): Promise<unknown> => attempts.push(await catchJoin(target));
    const findUndocumented = async (runId: string): Promise<readonly Trace[]> => {
      await untilFileGone(target);
      const traces = await search.find(new Map([...keys, ...attempts.flatMap(secretsOf)]), runId);
      return traces.filter((trace) => !isDocumented(trace));
    };

    for (const [failure, fail] of Object.entries(failures)) {
      const running = drover('run', 'ha-lab', '--node', target);
      await catchNext();
      const { runId } = (await latestRun()).run;
      await fail({ runId, signal: t.signal, again: catchNext });
      assert.deepEqual(await findUndocumented(runId), [], failure);
      console.log('a join failed, and no credential was found', failure);
      await drover('runs', 'cancel', runId);
      assert.notEqual((await running).exitCode, 0);
    }

    const succeeding = drover('run', 'ha-lab');
    await catchNext();
    await signalJoin(target, 'CONT');
    const { exitCode, all } = await succeeding;
    assert.equal(exitCode, 0, all);
    over.abort();
    await watching;
    assert.deepEqual(await findUndocumented((await latestRun()).run.runId), []);
    assert.deepEqual(await voters(target), controlPlanes);
    await untilWhole(acting);
  });
}

/** Kubernetes’ own places: its keys, and the Secret of a token in etcd. A snapshot of etcd has what etcd has. */
function isDocumented({ secret, place }: Trace): boolean {
  if (secret.endsWith('.key')) return place.startsWith('/etc/kubernetes/pki/');
  return (
    secret.startsWith('token') &&
    (place.startsWith('/var/lib/etcd/') || place.startsWith('/var/lib/drover-agent/etcd-snapshots/'))
  );
}
