import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMembershipSite } from '../testing/membership-site.ts';

const cutOff = { message: 'cut off' };
const mode = 0o600;

test('an init that was cut off before the API answered is taken back and begun again', async (t) => {
  const site = await createMembershipSite(t);
  await assert.rejects(site.init('[wait-control-plane]'), cutOff);
  assert.equal(await site.init(), true);
  assert.equal(await site.init(), false);
  assert.deepEqual(site.kubeadmRuns, ['init', 'reset', 'init']);
});

test('an init that was cut off after the API answered is finished: there is no second one, and no reset', async (t) => {
  const site = await createMembershipSite(t);
  await assert.rejects(site.init('[bootstrap-token]'), cutOff);
  assert.equal(await site.init(), true);
  assert.equal(await site.init(), false);
  assert.deepEqual(site.kubeadmRuns, [
    'init',
    'init phase upload-config all',
    'init phase mark-control-plane',
    'init phase bootstrap-token',
    'init phase kubelet-finalize all',
    'init phase addon kube-proxy',
  ]);
});

test('what is left of a control plane that this agent did not begin is not touched', async (t) => {
  const site = await createMembershipSite(t);
  await site.controlPlane.host.writeFile('/var/lib/etcd/member/snap/db', 'somebody’s', { mode });
  await assert.rejects(site.init(), { code: 'control-plane-partial' });
  assert.deepEqual(site.kubeadmRuns, []);
});

test('a worker of another cluster becomes no control plane', async (t) => {
  const site = await createMembershipSite(t);
  await site.controlPlane.host.writeFile('/etc/kubernetes/kubelet.conf', '    server: https://other:6443\n', { mode });
  await assert.rejects(site.init(), { code: 'foreign-cluster' });
});

test('a finished control plane that does not answer is never reset', async (t) => {
  const site = await createMembershipSite(t);
  await site.init();
  // Out of kubectl's reach, as when the API server is down.
  const { query } = site.controlPlane.host;
  site.controlPlane.host.query = (command) => {
    const isKubectl = command.argv[0] === 'kubectl';
    return query(isKubectl ? { ...command, argv: ['kubectl', '--kubeconfig=/none', 'get'] } : command);
  };
  await assert.rejects(site.init(), { code: 'probe-unanswered' });
  assert.deepEqual(site.kubeadmRuns, ['init']);
});

test('a join that was cut off before it had the kubelet’s credentials is taken back and begun again', async (t) => {
  const site = await createMembershipSite(t);
  await site.init();
  await assert.rejects(site.join('[kubelet-start]'), cutOff);
  assert.equal(await site.worker.host.status('/etc/kubernetes/bootstrap-kubelet.conf'), undefined);
  assert.equal(await site.join(), true);
  assert.equal(await site.join(), false);
  assert.deepEqual(site.kubeadmRuns, ['init', 'join', 'reset', 'join']);
});

test('a member of another cluster does not join this one, and keeps what it has', async (t) => {
  const site = await createMembershipSite(t);
  await site.init();
  const other = await createMembershipSite(t);
  await other.init();
  await other.join();
  const kubelet = await other.worker.host.readFile('/etc/kubernetes/kubelet.conf');
  const ca = await other.worker.host.readFile('/etc/kubernetes/pki/ca.crt');
  assert.ok(kubelet !== undefined && ca !== undefined);
  await site.worker.host.writeFile('/etc/kubernetes/kubelet.conf', kubelet, { mode });
  await site.worker.host.writeFile('/etc/kubernetes/pki/ca.crt', ca, { mode });
  await assert.rejects(site.join(), { code: 'foreign-cluster' });
  assert.equal(await site.worker.host.readFile('/etc/kubernetes/kubelet.conf'), kubelet);
  assert.deepEqual(site.kubeadmRuns, ['init']);
});

test('a member whose kubelet was stopped and whose mark was lost is adopted, not joined again', async (t) => {
  const site = await createMembershipSite(t);
  await site.init();
  await site.join();
  await site.worker.host.removeFile('/var/lib/drover-agent/membership.json');
  await site.worker.host.run({ argv: ['systemctl', 'stop', 'kubelet'], timeoutMs: 60_000 });
  assert.equal(await site.join(), true);
  assert.deepEqual(site.kubeadmRuns, ['init', 'join']);
});
