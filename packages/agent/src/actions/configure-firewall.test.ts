import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ConfigureFirewall } from '@drover/proto';
import { readFirewall } from '../facts/firewall.ts';
import type { Host } from '../host/host.ts';
import { createActionContext, createInstantClock } from '../testing/action-context.ts';
import { enableFirewalld, enableUfw } from '../testing/firewall-scenarios.ts';
import { createSimulatedSite } from '../testing/simulated-site.ts';
import { configureFirewall } from './configure-firewall.ts';

const params: ConfigureFirewall = {
  openings: [
    { source: '10.0.0.11', protocol: 'tcp', ports: [6443, 2379] },
    { source: '10.0.0.12', protocol: 'tcp', ports: [6443] },
  ],
  podCidr: '10.244.0.0/16',
  exact: true,
};

async function createHost(t: TestContext): Promise<Host> {
  const site = await createSimulatedSite(['worker-1'], createInstantClock());
  t.after(() => site.remove());
  return site.context('worker-1').host;
}

async function apply(host: Host, wanted: ConfigureFirewall = params): Promise<readonly string[]> {
  const context = createActionContext(host);
  const found = await configureFirewall.inspect(context, wanted);
  if (!found.satisfied) await configureFirewall.apply(context, wanted, found);
  assert.deepEqual(await configureFirewall.inspect(context, wanted), { satisfied: true, changes: [] });
  return found.changes.map(({ subject, after }) => `${subject}: ${after.split('\n')[0]}`);
}

suite('configure-firewall', () => {
  test('does nothing where no firewall runs', async (t) => {
    assert.deepEqual(await apply(await createHost(t)), []);
  });

  test('tells ufw what to let in, takes away what is its own, and leaves what is not', async (t) => {
    const host = await createHost(t);
    await enableUfw(host);
    const foreign =
      '### tuple ### allow tcp 6443 0.0.0.0/0 any 10.0.0.12 in\n### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n';
    await host.writeFile('/etc/ufw/user.rules', foreign, { mode: 0o640 });
    assert.deepEqual(await apply(host), [
      'ufw: allow from 10.0.0.11 to port 2379,6443/tcp: present',
      'ufw: allow from 10.244.0.0/16: present',
      'ufw: forward from 10.244.0.0/16: present',
    ]);
    assert.deepEqual(await apply(host, { ...params, openings: [] }), [
      'ufw: allow from 10.0.0.11 to port 2379,6443/tcp: absent',
    ]);
    assert.ok((await host.readFile('/etc/ufw/user.rules'))?.startsWith(foreign));
    const { ufw } = await readFirewall(host, false);
    assert.deepEqual(ufw?.openTo?.[0], { source: '10.0.0.12', ports: ['6443/tcp'] });
    assert.deepEqual(ufw.forwardsFrom, ['10.244.0.0/16']);
  });

  test('gives firewalld a set for each port, a rule for each set and a zone of pods, and takes away what is its own', async (t) => {
    const host = await createHost(t);
    await enableFirewalld(host);
    await apply(host);
    const { firewalld } = await readFirewall(host, true);
    assert.deepEqual(firewalld?.openTo, [
      { source: '10.0.0.11', ports: ['6443/tcp'] },
      { source: '10.0.0.12', ports: ['6443/tcp'] },
      { source: '10.0.0.11', ports: ['2379/tcp'] },
      { source: '10.244.0.0/16', ports: ['0-65535/tcp', '0-65535/udp'] },
    ]);
    const [opening] = params.openings;
    assert.ok(opening !== undefined);
    await apply(host, { ...params, openings: [{ ...opening, ports: [6443] }] });
    assert.deepEqual(await host.listDirectory('/etc/firewalld/ipsets'), ['drover-tcp-6443.xml']);
    assert.match((await host.readFile('/etc/firewalld/zones/public.xml')) ?? '', /<service name="ssh"\/>/);
  });

  test('leaves pods in the zone that somebody has put them in, and says when that does not let them pass', async (t) => {
    const host = await createHost(t);
    await enableFirewalld(host);
    const path = '/etc/firewalld/zones/site.xml';
    const zone = '<zone target="ACCEPT">\n  <source address="10.244.0.0/16"/>\n</zone>\n';
    await host.writeFile(path, zone, { mode: 0o644 });
    assert.ok((await apply(host)).every((change) => !change.includes('drover-pods')));
    await host.writeFile(path, zone.replace(' target="ACCEPT"', ''), { mode: 0o644 });
    await assert.rejects(apply(host), /the zone site has 10\.244\.0\.0\/16/);
  });

  test('an address that is not known takes nothing away', async (t) => {
    for (const enable of [enableUfw, enableFirewalld]) {
      const host = await createHost(t);
      await enable(host);
      await apply(host);
      assert.deepEqual(await apply(host, { ...params, openings: [], exact: false }), []);
    }
  });

  test('puts into effect what is written down only', async (t) => {
    const host = await createHost(t);
    await enableFirewalld(host);
    await apply(host);
    await host.removeFile('/run/firewalld/public.xml');
    assert.equal((await apply(host)).length, 2);
    const set = '/run/firewalld-ipsets/drover-tcp-2379.xml';
    await host.writeFile(set, '<entry>10.0.0.99</entry>', { mode: 0o644 });
    assert.deepEqual(await apply(host), ['firewalld now: ipset drover-tcp-2379: 10.0.0.11']);
  });
});
