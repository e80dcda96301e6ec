import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
beforeEach(() => {
  asked.length = 0;
});

const run = { runId: 'r-1', cluster: 'lab', workflow: 'w', createdAt: '2026-01-01T00:50:00Z' };

suite('drover runs', () => {
  test('pause says that the run is paused and how it goes on', async () => {
    answers['POST /runs/r-1/pause'] = { status: 202, body: { ...run, state: 'paused' } };
    const { exitCode, stderr } = await drover(['runs', 'pause', 'r-1']);
    assert.deepEqual([exitCode, stderr], [0, 'run r-1 is paused\n  drover runs resume r-1\n']);
  });

  test('resume and cancel ask for just that', async () => {
    answers['POST /runs/r-1/resume'] = { status: 202, body: { ...run, state: 'running' } };
    answers['POST /runs/r-1/cancel'] = { status: 202, body: { ...run, state: 'running', cancelRequestedAt: 'now' } };
    assert.equal((await drover(['runs', 'resume', 'r-1'])).stderr, 'run r-1 is running\n  drover watch r-1\n');
    assert.match((await drover(['runs', 'cancel', 'r-1'])).stderr, /^run r-1 is being cancelled\n/);
    assert.deepEqual(asked, ['POST /runs/r-1/resume', 'POST /runs/r-1/cancel']);
  });

  test('retry asks for one step or for all, by the step’s whole name', async () => {
    answers['POST /runs/r-1/retry'] = { status: 202, body: { ...run, state: 'running' } };
    await drover(['runs', 'retry', 'r-1']);
    await drover(['runs', 'retry', 'r-1', 'join-workers/worker-1/join-node']);
    assert.deepEqual(asked, [
      'POST /runs/r-1/retry {}',
      'POST /runs/r-1/retry {"step":"join-workers/worker-1/join-node"}',
    ]);
  });

  test('skip wants a reason and sends it', async () => {
    const path = '/runs/r-1/steps/p%2Fworker-1%2Fset-hostname/skip';
    answers[`POST ${path}`] = { status: 202, body: { ...run, state: 'running' } };
    const words = ['runs', 'skip', 'r-1', 'p/worker-1/set-hostname'];
    assert.equal((await drover(words)).exitCode, 2);
    assert.deepEqual(asked, []);
    assert.equal((await drover([...words, '--reason', 'done by hand'])).exitCode, 0);
    assert.deepEqual(asked, [`POST ${path} {"reason":"done by hand"}`]);
  });

  test('a list of runs says how the last run of each cluster goes on, where it waits', async () => {
    const items = [
      { ...run, runId: 'r-4', cluster: 'other', state: 'succeeded' },
      { ...run, runId: 'r-3', state: 'blocked' },
      { ...run, runId: 'r-2', state: 'failed' },
      { ...run, runId: 'r-1', cluster: 'other', state: 'failed' },
    ];
    answers['GET /runs'] = { body: { items } };
    const { stdout, stderr } = await drover(['get', 'runs']);
    assert.equal(stdout.split('\n').length, 6);
    assert.equal(stderr, 'the last run of lab is blocked; to go on:\n  drover runs retry r-3\n');
  });
});

suite('drover watch', () => {
  const eventsOf = (states: readonly string[]) =>
    states
      .map((state, index) => ({ sequence: index + 1, at: '2026-01-01T00:00:00Z', type: 'run', run: { ...run, state } }))
      .map((event) => `id: ${event.sequence}\nevent: run\ndata: ${JSON.stringify(event)}\n\n`)
      .join('');
  const watch = async (...states: readonly string[]) => {
    const view = { run: { ...run, state: 'running' }, plan: { phases: [], steps: [] }, steps: [] };
    answers['GET /runs/r-1'] = { body: view };
    answers['GET /runs/r-1/events'] = { body: eventsOf(states) };
    return drover(['watch', 'r-1']);
  };

  test('ends with a code for each way in which a run ends', async () => {
    const codes = { succeeded: 0, failed: 5, cancelled: 5, blocked: 6 };
    for (const [state, code] of Object.entries(codes)) {
      const { exitCode, stderr } = await watch('running', state);
      assert.equal(exitCode, code, state);
      assert.match(stderr, new RegExp(`run r-1 ${state}\n`));
    }
  });

  test('goes on while the run is paused, and over an end that was not the last', async () => {
    const { exitCode, stderr } = await watch('running', 'paused', 'running', 'failed', 'running', 'succeeded');
    assert.equal(exitCode, 0);
    assert.match(stderr, /the run is paused; to go on: drover runs resume r-1\n.* the run goes on\n/);
  });

  test('waits for a coordinator that is down when it starts', async () => {
    await watch('running', 'succeeded');
    answers['GET /runs/r-1'] = { ...answers['GET /runs/r-1'], absences: 3 };
    const { exitCode, stderr } = await drover(['watch', 'r-1']);
    assert.equal(exitCode, 0);
    assert.match(
      stderr,
      /^waiting for the coordinator since 01:00:00, until 01:02:00: .+\nthe coordinator answers again\n/,
    );
  });

  test('waits for one that goes away meanwhile', async () => {
    await watch('running', 'succeeded');
    answers['GET /runs/r-1/events'] = { ...answers['GET /runs/r-1/events'], absences: 3 };
    const { exitCode, stderr } = await drover(['watch', 'r-1']);
    assert.equal(exitCode, 0);
    assert.match(stderr, /^01:00:00 waiting for the coordinator since 01:00:00, until 01:02:00: /);
    assert.match(stderr, /^01:00:01 the coordinator answers again$/m);
  });

  test('waits no longer than it was told to', async () => {
    answers['GET /runs/r-1'] = { absences: 1_000 };
    const { exitCode, stderr } = await drover(['watch', 'r-1', '--timeout', '20']);
    assert.equal(exitCode, 3);
    assert.match(stderr, /since 01:00:00, until 01:00:20: /);
    assert.match(stderr, /The coordinator does not answer \(coordinator-unreachable\)/);
    answers['GET /runs/r-1'] = { absences: 1 };
    assert.equal((await drover(['watch', 'r-1', '--timeout', '0'])).exitCode, 3);
  });
});
