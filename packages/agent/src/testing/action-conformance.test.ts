import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnsureAction } from '../actions/action.ts';
import { agentErrors } from '../errors.ts';
import { checkEnsureAction, untriedActions } from './action-conformance.ts';
import { createActionContext } from './action-context.ts';
import { createFakeHost } from './fake-host.ts';

type Hostname = EnsureAction<'set-hostname'>;

const good: Hostname = {
  kind: 'ensure',
  name: 'set-hostname',
  byHand: () => ['true'],
  inspect: async ({ host, nodeName }, { hostname }) => {
    if (hostname === '')
      throw agentErrors.create('parameters-invalid', { tried: 'test', node: nodeName, reason: 'empty' });
    const before = (await host.readFile('/name')) ?? '';
    if (before === hostname) return { satisfied: true, changes: [] };
    return { satisfied: false, changes: [{ subject: 'name', before, after: hostname }] };
  },
  apply: ({ host }, { hostname }) => host.writeFile('/name', hostname, { mode: 0o644 }),
};

function check(action: Hostname): Promise<void> {
  const host = createFakeHost({
    programs: {
      touch: ({ files }) => {
        files.set('/touched', { content: '', mode: 0o644 });
        return '';
      },
    },
  });
  const scenario = { params: { hostname: 'worker-1' }, rejected: [{ hostname: '' }] };
  return checkEnsureAction(action, createActionContext(host), scenario, async () => structuredClone([...host.files]));
}

test('an action that keeps its promises passes', async () => {
  await check(good);
});

const faulty: Readonly<Record<string, [Partial<Hostname>, RegExp]>> = {
  'inspects by writing a file': [
    {
      inspect: async (context, params) => {
        // What the type forbids, a cast or a helper could still do.
        await (context as Parameters<Hostname['apply']>[0]).host.writeFile('/x', '', { mode: 0o644 });
        return await good.inspect(context, params);
      },
    },
    /inspecting called writeFile/,
  ],
  'inspects by a query that writes': [
    {
      inspect: async (context, params) => {
        await context.host.query({ argv: ['touch'], timeoutMs: 1000 });
        return await good.inspect(context, params);
      },
    },
    /inspecting changed the machine/,
  ],
  'is never satisfied': [{ apply: async () => undefined }, /applying once was not enough/],
  'is satisfied too early': [
    { inspect: async () => ({ satisfied: true, changes: [] }) },
    /nothing to change|not refused/,
  ],
  'names no change': [
    {
      inspect: async (...given) => {
        const found = await good.inspect(...given);
        return { ...found, changes: [] };
      },
    },
    /no change is named/,
  ],
  'takes anything': [
    {
      inspect: async (context, { hostname }) =>
        hostname === '' ? { satisfied: true, changes: [] } : await good.inspect(context, { hostname }),
    },
    /is not refused/,
  ],
};

for (const [fault, [override, words]] of Object.entries(faulty)) {
  test(`an action that ${fault} does not pass`, async () => {
    await assert.rejects(check({ ...good, ...override }), words);
  });
}

test('an ensure action without a scenario is named', () => {
  assert.deepEqual(untriedActions({ 'set-hostname': good }, []), ['set-hostname']);
  assert.deepEqual(untriedActions({ 'set-hostname': good }, ['set-hostname']), []);
});
