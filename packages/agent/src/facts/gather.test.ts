import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Facts } from '@drover/proto';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';
import type { Command } from '../host/host.ts';
import { createInstantClock } from '../testing/action-context.ts';
import { createSimulatedSite } from '../testing/simulated-site.ts';
import { digestFacts } from './digest.ts';
import { gatherFacts } from './gather.ts';

const clock = createInstantClock();
const site = await createSimulatedSite(['machine'], clock);
after(() => site.remove());
const { host } = site.context('machine');
const { signal } = new AbortController();

test('a bare machine is told as it is, in the published form', async () => {
  const facts = await gatherFacts({ host, clock, signal });
  assert.ok(Value.Check(Facts, facts));
  assert.deepEqual(facts.unreadable, []);
  assert.equal(facts.host.kind, 'simulated');
  assert.equal(facts.os.packageManager, 'dnf');
  assert.equal(facts.cpu.count, 2);
  assert.deepEqual(facts.swap.active, [{ path: '/dev/dm-1', kind: 'partition', sizeBytes: 2_147_479_552 }]);
  assert.deepEqual(facts.selinux, { runtime: 'enforcing', configured: 'enforcing' });
  assert.equal(facts.kernelModules.bridgeNetfilter, false);
  assert.deepEqual(facts.network.interfaces[0]?.addresses, ['10.213.0.11/24']);
  assert.deepEqual(facts.network.routes[0], { destination: '0.0.0.0/0', gateway: '10.213.0.1', interface: 'eth0' });
  assert.equal(facts.docker.version, null);
  assert.equal(facts.membership.caHash, null);
});

test('a sweep writes nothing', async () => {
  const refuse = (what: string) => () => assert.fail(`a sweep called ${what}`);
  const reading = { ...host, run: refuse('run'), writeFile: refuse('writeFile'), removeFile: refuse('removeFile') };
  assert.deepEqual((await gatherFacts({ host: reading, clock, signal })).unreadable, []);
});

test('a subject that cannot be read is named with its reason, and the others are there', async () => {
  const query = async (command: Command) => {
    if (command.argv[0] !== 'df') return host.query(command);
    throw agentErrors.create('command-timed-out', { tried: 'run df', reason: 'a mount hangs' });
  };
  const facts = await gatherFacts({ host: { ...host, query }, clock, signal });
  assert.deepEqual(facts.disks, []);
  assert.deepEqual(
    facts.unreadable.map(({ fact }) => fact),
    ['disks'],
  );
  assert.match(facts.unreadable[0]?.reason ?? '', /a mount hangs/);
  assert.equal(facts.cpu.count, 2);
});

test('of a Docker that does not answer is told what packages and systemd know', async () => {
  const replies: Readonly<Record<string, string>> = {
    rpm: 'docker-ce 20.10.24\n',
    systemctl: 'Id=docker.service\nActiveState=active\nUnitFileState=enabled\n',
    docker: '{"ServerErrors":["Cannot connect to the Docker daemon"]}',
  };
  const query = async (command: Command) => {
    const stdout = replies[command.argv[0]];
    return stdout === undefined ? host.query(command) : { status: 0, stdout, stderr: '' };
  };
  const status = async (path: string) => {
    if (path !== '/run/docker.sock') return host.status(path);
    return { kind: 'other' as const, mode: 0o660, sizeBytes: 0 };
  };
  const facts = await gatherFacts({ host: { ...host, query, status }, clock, signal });
  assert.deepEqual(
    facts.unreadable.map(({ fact }) => fact),
    ['docker'],
  );
  const { version, running, enabled, cgroupDriver } = facts.docker;
  assert.deepEqual([version, running, enabled, cgroupDriver], ['20.10.24', true, true, null]);
});

test('an aborted sweep has no facts', async () => {
  const aborted = AbortSignal.abort(new Error('cancelled'));
  await assert.rejects(gatherFacts({ host, clock, signal: aborted }), { message: 'cancelled' });
});

test('the digest stays while only clocks, uptime and free space move, and changes with anything else', async () => {
  const facts = await gatherFacts({ host, clock, signal });
  const later = {
    ...facts,
    gatheredAt: '2030-01-01T00:00:00.000Z',
    clock: { nowMs: 1, synchronized: false },
    host: { ...facts.host, uptimeSeconds: 99 },
    memory: { ...facts.memory, availableBytes: 1 },
    disks: facts.disks.map((disk) => ({ ...disk, availableBytes: 1 })),
  };
  assert.equal(digestFacts(later), digestFacts(facts));
  assert.notEqual(digestFacts({ ...facts, selinux: { ...facts.selinux, runtime: 'permissive' } }), digestFacts(facts));
});
