import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@drover/core';
import { Type } from 'typebox';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost, type FakeProgram } from '../../testing/fake-host.ts';
import { adminKubeconfig, getObject, isApiReady, runKubectl } from './kubectl.ts';

function setUp(kubectl: FakeProgram) {
  const host = createFakeHost({ programs: { kubectl }, files: { [adminKubeconfig]: '' } });
  return { host, context: createActionContext(host) };
}

const refusing: FakeProgram = ({ args }) =>
  args.includes('--raw=/readyz') ? 'ok' : { status: 1, stderr: 'Error from server (Forbidden): no\n' };
const silent: FakeProgram = () => ({ status: 1, stderr: 'The connection to the server was refused\n' });

test('an API that refuses and one that does not answer are told apart', async () => {
  await assert.rejects(runKubectl(setUp(refusing).context, { args: ['create'] }), { code: 'command-failed' });
  await assert.rejects(runKubectl(setUp(silent).context, { args: ['create'] }), { code: 'cluster-unreachable' });
  assert.equal(await isApiReady(setUp(silent).context), false);
});

test('without an administrator’s kubeconfig nothing is asked, and the API is not ready', async () => {
  const host = createFakeHost();
  assert.equal(await isApiReady(createActionContext(host)), false);
  assert.deepEqual(host.commands, []);
});

test('an object that is not there is undefined, and one of another form an error', async () => {
  const schema = Type.Object({ kind: Type.String() });
  assert.equal(await getObject(setUp(() => '').context, schema, ['node', 'x']), undefined);
  const odd = setUp(() => '{"kind":1}').context;
  await assert.rejects(getObject(odd, schema, ['node', 'x']), { code: 'cluster-answer-unexpected' });
});

test('what kubectl keeps of the API for itself is not left in anyone’s home: looking changes nothing on a machine', async () => {
  const { host, context } = setUp(() => '{"kind":"Node"}');
  await getObject(context, Type.Object({ kind: Type.String() }), ['node', 'x']);
  assert.deepEqual(
    host.commands.filter((argv) => !argv.includes('--cache-dir=/run/drover-agent/kubectl')),
    [],
  );
});

test('a secret goes in on standard input, and is not among the arguments', async () => {
  let input: string | undefined;
  const { host, context } = setUp((call) => {
    input = call.input;
    return '';
  });
  await runKubectl(context, { args: ['create', '--filename=-'], input: new Secret('canary') });
  assert.equal(input, 'canary');
  assert.doesNotMatch(JSON.stringify(host.commands), /canary/);
});
