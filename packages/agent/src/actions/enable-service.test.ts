import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { enableService } from './enable-service.ts';

const params = { unit: 'docker.service', running: true };

function machine(unit: { load?: string; file: string; active: string; fails?: 'enable' | 'start' }) {
  const state = { load: 'loaded', ...unit };
  const host = createFakeHost({
    programs: {
      systemctl: ({ args: [verb], change }) => {
        if (verb === 'show')
          return `LoadState=${state.load}\nActiveState=${state.active}\nUnitFileState=${state.file}\n`;
        change();
        if (verb === unit.fails) return { status: 1, stderr: 'Job for docker.service failed.\n' };
        if (verb === 'enable') state.file = 'enabled';
        if (verb === 'start') state.active = 'active';
        return '';
      },
    },
  });
  const context = createActionContext(host);
  const ensure = async (wanted = params) => {
    const found = await enableService.inspect(context, wanted);
    if (!found.satisfied) await enableService.apply(context, wanted, found);
    return found;
  };
  return { host, ensure };
}

const verbs = (host: ReturnType<typeof machine>['host']) =>
  host.effects.map((effect) => effect.kind === 'run' && effect.argv[1]);

test('a unit is enabled and started, each only where needed', async () => {
  const off = machine({ file: 'disabled', active: 'inactive' });
  await off.ensure();
  assert.deepEqual(verbs(off.host), ['enable', 'start']);
  const stopped = machine({ file: 'enabled', active: 'failed' });
  await stopped.ensure();
  assert.deepEqual(verbs(stopped.host), ['start']);
});

test('a unit that need not run now is enabled and left alone', async () => {
  const { host, ensure } = machine({ file: 'disabled', active: 'activating' });
  await ensure({ ...params, running: false });
  assert.deepEqual(verbs(host), ['enable']);
});

test('a unit that is enabled until the next boot alone is not enabled', async () => {
  const { ensure } = machine({ file: 'enabled-runtime', active: 'active' });
  const { changes } = await ensure();
  assert.deepEqual(changes, [{ subject: 'unit docker.service at boot', before: 'enabled-runtime', after: 'enabled' }]);
});

test('a unit that is not installed yet is reported so', async () => {
  const { ensure } = machine({ load: 'not-found', file: '', active: 'inactive' });
  assert.equal((await ensure()).changes[0]?.before, 'not installed');
});

test('a unit that does not start is service-failed, also on a machine without a journal', async () => {
  const { ensure } = machine({ file: 'enabled', active: 'inactive', fails: 'start' });
  await assert.rejects(ensure(), /service-failed.*Job for docker\.service failed/);
});
