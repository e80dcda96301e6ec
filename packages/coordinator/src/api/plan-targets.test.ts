import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createLabApi, type Problem } from '../testing/lab-api.ts';

/** The plan of the stored cluster for some of its nodes, while no control-plane node has been initialised. */
async function planFor(query: string) {
  const fixture = await createLabApi();
  const { authorization } = fixture;
  const url = `/api/v1/clusters/lab/plan?${query}`;
  return await fixture.api.inject({ method: 'POST', url, headers: { authorization } });
}

suite('a plan for single nodes', () => {
  test('is one for these nodes alone', async () => {
    const answer = await planFor('node=control-plane-1&node=worker-1');
    assert.equal(answer.statusCode, 200, answer.body);
    const { steps } = answer.json<{ steps: readonly { readonly node: string }[] }>();
    assert.deepEqual(new Set(steps.map(({ node }) => node)), new Set(['control-plane-1', 'worker-1']));
  });

  test('of a cluster that is not up yet needs a control-plane node', async () => {
    assert.equal((await planFor('node=worker-1')).json<Problem>().code, 'cluster-unborn');
  });

  test('names every node that the cluster does not have', async () => {
    const answer = await planFor('node=worker-8&node=worker-9');
    assert.equal(answer.statusCode, 400);
    assert.match(answer.body, /worker-8.*worker-9/);
  });
});
