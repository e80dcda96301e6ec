import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost } from '../../testing/fake-host.ts';
import { pullImages } from '../pull-images.ts';
import { snapshotEtcd } from '../snapshot-etcd.ts';
import { resetNode } from './kubeadm.ts';
import { kubeletEndpoint } from './kubelet-endpoint.ts';

const flags = '/var/lib/kubelet/kubeadm-flags.env';
const containerd = 'unix:///run/containerd/containerd.sock';
const ofKubeadm = `KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=${containerd} --pod-infra-container-image=x"\n`;

test('the kubelet’s runtime is what kubeadm wrote down, as a flag or as a field', async () => {
  const endpointOf = (files: Record<string, string>) => kubeletEndpoint(createFakeHost({ files }));
  assert.equal(await endpointOf({}), undefined);
  assert.equal(await endpointOf({ [flags]: 'KUBELET_KUBEADM_ARGS="--network-plugin=cni"\n' }), undefined);
  assert.equal(await endpointOf({ [flags]: ofKubeadm }), containerd);
  const field = `kind: KubeletConfiguration\ncontainerRuntimeEndpoint: "${containerd}"\n`;
  assert.equal(await endpointOf({ '/var/lib/kubelet/instance-config.yaml': field }), containerd);
});

test('kubeadm is told which runtime’s pods to take away, where a machine has two', async () => {
  const host = createFakeHost({ files: { [flags]: ofKubeadm }, programs: { kubeadm: () => '' } });
  await resetNode(createActionContext(host));
  assert.ok(host.commands[0]?.includes(`--cri-socket=${containerd}`), host.commands.join());
});

test('etcd is saved from its container in containerd', async () => {
  const host = createFakeHost({
    files: { [flags]: ofKubeadm },
    programs: {
      curl: () => JSON.stringify({ header: { revision: '7' } }),
      crictl: ({ args }) =>
        args.includes('ps') ? 'abc\n' : JSON.stringify({ revision: 7, totalKey: 3, totalSize: 100 }),
      ...{ mkdir: () => '', chmod: () => '', mv: () => '' },
    },
  });
  const params = { name: 'before-a-change', keep: 2 };
  await snapshotEtcd.apply(createActionContext(host), params, { satisfied: false, changes: [] });
  const [, find = [], save = []] = host.commands;
  const runtime = `--runtime-endpoint=${containerd}`;
  assert.deepEqual(find.slice(0, 3), ['crictl', runtime, 'ps']);
  assert.deepEqual(save.slice(0, 6), ['crictl', runtime, 'exec', '--sync', 'abc', 'etcdctl']);
});

test('images are pulled through crictl, by containerd’s socket whatever its file says', async () => {
  const present = new Set<string>();
  const digest = `sha256:${'b'.repeat(64)}`;
  const host = createFakeHost({
    programs: {
      crictl: ({ args, change }) => {
        const image = args.at(-1) ?? '';
        assert.equal(args[0], `--runtime-endpoint=${containerd}`);
        if (args.includes('inspecti'))
          return present.has(image) ? JSON.stringify({ status: { repoDigests: [`x@${digest}`] } }) : { status: 1 };
        change();
        if (image.includes('none')) return { status: 1, stderr: `failed to resolve reference "${image}": not found\n` };
        present.add(image);
        return '';
      },
    },
  });
  const context = createActionContext(host);
  const params = { runtime: 'containerd', images: ['registry.example/pause:3.10'] };
  const found = await pullImages.inspect(context, params);
  const changes = await pullImages.apply(context, params, found);
  assert.deepEqual(
    changes?.map(({ after }) => after),
    [digest],
  );
  assert.equal((await pullImages.inspect(context, params)).satisfied, true);
  const missing = { runtime: 'containerd', images: ['registry.example/none:1'] };
  await assert.rejects(pullImages.apply(context, missing, found), { code: 'image-not-found' });
});
