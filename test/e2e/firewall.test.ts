import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { actDirectly } from '@drover/agent/testing';
import type { ActionParams } from '@drover/proto';
import { type FirewallRoot, makeFirewallRoot } from './firewall/firewall-root.ts';
import { createWires, type Wires } from './firewall/wires.ts';

type Params = ActionParams<'configure-firewall'>;

const params: Params = {
  openings: [
    { source: '10.98.0.2', protocol: 'tcp', ports: [6443, 10250] },
    { source: '10.98.0.2', protocol: 'udp', ports: [8472] },
  ],
  podCidr: '10.244.0.0/16',
  exact: true,
};

let directory = '';
let wires: Wires;
let site: FirewallRoot;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-firewall-'));
  wires = await createWires();
  site = await makeFirewallRoot(directory, wires.machine);
});
after(async () => {
  await site?.stopFirewalld();
  await wires?.remove();
  await rm(directory, { recursive: true });
});

/** Subjects of what was changed. */
async function configure(wanted: Params = params): Promise<readonly string[]> {
  const outcome = await actDirectly(
    site.host,
    { name: 'configure-firewall', params: wanted },
    { nodeName: 'node-1', operationId: 'operation-1', mode: 'RUN', timeoutMs: 60_000 },
  );
  return (outcome.completion?.changes ?? []).map(({ subject }) => subject);
}

/** Who comes in and through, one word each. */
async function open(): Promise<readonly string[]> {
  const tried = await Promise.all([
    wires.reaches('peers', '10.98.0.2', '10.98.0.1', 22).then((is) => is && 'ssh'),
    wires.reaches('peers', '10.98.0.2', '10.98.0.1', 6443).then((is) => is && 'peer'),
    wires.reaches('peers', '10.98.0.9', '10.98.0.1', 6443).then((is) => is && 'stranger'),
    wires.reaches('pod', '10.244.0.2', '10.98.0.1', 6443).then((is) => is && 'pod'),
    wires.reaches('pod', '10.244.0.2', '10.98.0.2', 8080).then((is) => is && 'forwarded'),
  ]);
  return tried.filter((each) => each !== false);
}

/** The same for both, on a machine where somebody has opened 22 before. */
async function tellStory(): Promise<void> {
  assert.deepEqual(await open(), ['ssh']);
  assert.ok((await configure()).length > 0);
  assert.deepEqual(await open(), ['ssh', 'peer', 'pod', 'forwarded']);
  assert.deepEqual(await configure(), [], 'a second time changes nothing');
  await configure({ ...params, openings: [], exact: false });
  assert.deepEqual(await open(), ['ssh', 'peer', 'pod', 'forwarded'], 'nothing goes while an address is not known');
}

suite('the real ufw', () => {
  test('lets in what was asked for, from there alone, and forwards what pods send', async () => {
    await site.shell('ufw allow 22/tcp && ufw allow proto tcp from 10.98.0.2 to any port 10250 && ufw --force enable');
    await tellStory();
  });

  test('loses our rules and keeps all others, also the one that does the same as ours', async () => {
    const same: Params = { ...params, openings: [{ source: '10.98.0.2', protocol: 'tcp', ports: [10250] }] };
    await configure(same);
    assert.deepEqual(await open(), ['ssh', 'pod', 'forwarded']);
    const text = await readFile(join(directory, 'root/etc/ufw/user.rules'), 'utf8');
    assert.match(text, /^### tuple ### allow tcp 10250 0\.0\.0\.0\/0 any 10\.98\.0\.2 in$/m);
    await site.shell('ufw disable');
  });
});

suite('the real firewalld', () => {
  test('lets in what was asked for, from there alone, and forwards what pods send', async () => {
    await site.startFirewalld();
    await tellStory();
  });

  test('has what was taken from it without --permanent again', async () => {
    const rule = 'rule family="ipv4" source ipset="drover-tcp-6443" port port="6443" protocol="tcp" accept';
    await site.shell(`firewall-cmd --zone=public --remove-rich-rule='${rule}'`);
    assert.deepEqual(await open(), ['ssh', 'pod', 'forwarded']);
    await site.shell('firewall-cmd --ipset=drover-udp-8472 --add-entry=10.98.0.9');
    assert.deepEqual(await configure(), ['firewalld now: ipset drover-udp-8472', `firewalld now: ${rule}`]);
    assert.deepEqual(await open(), ['ssh', 'peer', 'pod', 'forwarded']);
  });

  test('loses our rules and sets and keeps all others', async () => {
    await site.shell('firewall-cmd --permanent --zone=public --add-port=9000/tcp && firewall-cmd --reload');
    await configure({ ...params, openings: [{ source: '10.98.0.9', protocol: 'tcp', ports: [6443] }] });
    assert.deepEqual(await open(), ['ssh', 'stranger', 'pod', 'forwarded']);
    const zone = await readFile(join(directory, 'root/etc/firewalld/zones/public.xml'), 'utf8');
    assert.match(zone, /<port port="9000" protocol="tcp"\/>/);
    assert.doesNotMatch(zone, /drover-tcp-10250/);
  });
});
