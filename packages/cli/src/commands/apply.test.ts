import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
const file = join(fixture.directory, 'cluster.yaml');
await writeFile(file, 'metadata: { name: lab }\n');

const refusal = {
  code: 'preflight-failed',
  title: 'It cannot be',
  tried: 'start',
  reason: 'the address is wrong',
  remedy: 'Mend it.',
  retryable: false,
  evidence: [],
  faults: [],
};

async function applyRefused(change: string) {
  answers['PUT /clusters/lab'] = { body: { name: 'lab', generation: 3, change } };
  answers['POST /clusters/lab/runs'] = { status: 422, body: refusal };
  return await drover(['apply', '-f', file]);
}

suite('drover apply', () => {
  test('whose run is refused says that the file is stored, and what comes next', async () => {
    const { exitCode, stderr } = await applyRefused('changed');
    assert.equal(exitCode, 4);
    assert.match(stderr, /^cluster lab, generation 3, changed\n/);
    assert.match(
      stderr,
      /do: +Mend it\. The cluster file is stored as generation 3: apply it again once that is done, or `drover run lab`\.\n$/,
    );
  });

  test('of a file that was stored before says nothing about storing it', async () => {
    assert.match((await applyRefused('unchanged')).stderr, /do: +Mend it\.\n$/);
  });

  test('without waiting shows the run, alone on standard output', async () => {
    answers['PUT /clusters/lab'] = { body: { name: 'lab', generation: 1, change: 'created' } };
    answers['POST /clusters/lab/runs'] = { status: 202, body: { runId: 'r-1', workflow: 'w', cluster: 'lab' } };
    const { exitCode, stdout } = await drover(['apply', '-f', file, '--no-wait']);
    assert.deepEqual([exitCode, stdout], [0, 'r-1\n']);
  });

  test('of single nodes asks for a run of these alone', async () => {
    answers['PUT /clusters/lab'] = { body: { name: 'lab', generation: 1, change: 'unchanged' } };
    answers['POST /clusters/lab/runs'] = { status: 202, body: { runId: 'r-1', workflow: 'w', cluster: 'lab' } };
    await drover(['apply', '-f', file, '--no-wait', '--node', 'worker-1', 'worker-2']);
    assert.match(asked.at(-1) ?? '', /"targets":\["worker-1","worker-2"\]/);
    await drover(['run', 'lab', '--no-wait', '--node', 'worker-1']);
    assert.match(asked.at(-1) ?? '', /"targets":\["worker-1"\]/);
    answers['POST /clusters/lab/plan?node=worker-1&node=worker-2'] = {
      body: { findings: [], steps: [], unavailable: [] },
    };
    await drover(['plan', 'lab', '--node', 'worker-1', 'worker-2']);
    assert.equal(asked.at(-1), 'POST /clusters/lab/plan?node=worker-1&node=worker-2');
  });

  test('waits for a coordinator that is away, and asks for the same run again', async () => {
    answers['PUT /clusters/lab'] = { body: { name: 'lab', generation: 1, change: 'created' }, absences: 2 };
    answers['POST /clusters/lab/runs'] = {
      ...{ status: 202, body: { runId: 'r-1', workflow: 'w', cluster: 'lab' } },
      absences: 2,
    };
    const { exitCode, stderr } = await drover(['apply', '-f', file, '--no-wait']);
    assert.equal(exitCode, 0);
    assert.equal(stderr.match(/waiting for the coordinator since/g)?.length, 2);
  });
});
