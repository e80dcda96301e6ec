import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execOnHost, findHost } from '@drover/lab';
import { clusterNodes, drover, killCoordinator, lab, latestRun, npm, onHost, startCoordinator } from './quick-start.ts';

before(async () => {
  await npm('run', 'lab', '--', 'down');
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
});

test('a coordinator killed during kubeadm init and started again completes the run, with one init', async () => {
  const start = npm('start');
  await untilKubeadmInit();

  await killCoordinator();
  assert.equal((await drover('get', 'nodes')).exitCode, 3, 'nobody answers while it is dead');
  await startCoordinator();

  const { exitCode, all } = await start;
  assert.equal(exitCode, 0, all.slice(-4_000));
  assert.equal((await clusterNodes()).filter((node) => node.ready).length, 3);
  const { run, steps } = await latestRun();
  assert.equal(run.state, 'succeeded');
  assert.equal(steps.find((step) => step.stepId.includes('init-control-plane'))?.attempts, 1);
  // The agent's journal has a file per operation that it ever accepted.
  const journal = '/var/lib/drover-agent/operations';
  const inits = await onHost('control-plane-1', 'grep', '-rl', '"action":"init-control-plane"', journal);
  assert.equal(inits.trim().split('\n').length, 1, inits);
});

/** Until kubeadm init runs on the control-plane host, as its process list shows. */
async function untilKubeadmInit(): Promise<void> {
  const deadline = performance.now() + 40 * 60_000;
  for (;;) {
    assert.ok(performance.now() < deadline, 'kubeadm init has not begun');
    if (await initRuns().catch(() => false)) return;
    await delay(200);
  }
}

async function initRuns(): Promise<boolean> {
  const host = await findHost(lab, 'control-plane-1');
  const { exitCode } = await execOnHost(lab, host, ['pgrep', '-f', '^/?[a-z/]*kubeadm init'], { timeoutMs: 5_000 });
  return exitCode === 0;
}
