import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { packageVersions } from '../../preflight/checks/package-versions.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const wanted = {
  ...{ kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2' },
  ...{ 'docker-ce': '20.10.24', 'docker-ce-cli': '20.10.24', 'containerd.io': '1.6.20' },
};
const memberWith = (installed: Readonly<Record<string, string>>, spec: Partial<ClusterSpec> = {}) =>
  viewWith('worker-1', { membership: member, packages: { installed } }, spec);
const ofKubernetes = { kubeadm: '1.20.2', kubectl: '1.20.2' };
const docker = { version: '20.10.24', containerdVersion: '1.6.20', repository: 'docker-ce' };
const withCriDockerd = {
  runtime: { docker: { ...docker, criDockerd: { version: '0.3.16', repository: 'docker-ce' } } },
};
const debianContainerd = { version: '1.7.24', package: 'containerd', repository: 'debian' };
const ownPackage = { version: '2.1.4', package: 'containerd-example', repository: 'example' };

testCheck(packageVersions, {
  finds: [
    [
      'a runtime that was upgraded behind our back',
      'other',
      memberWith({ ...wanted, 'docker-ce': '24.0.1' }),
      /^docker-ce has another version$/,
    ],
    [
      'containerd that was upgraded behind our back',
      'other',
      memberWith({ ...ofKubernetes, 'containerd.io': '2.2.0' }, withContainerd),
      /^containerd\.io has another version$/,
    ],
    [
      'containerd of a distribution that was removed',
      'other',
      memberWith(ofKubernetes, { runtime: { containerd: debianContainerd } }),
      /^containerd has another version$/,
    ],
    [
      'cri-dockerd of another version',
      'other',
      memberWith({ ...wanted, 'cri-dockerd': '0.3.14' }, withCriDockerd),
      /^cri-dockerd has another version$/,
    ],
    ['packages that were removed', 'other', memberWith({ kubelet: '1.20.2' }), /kubeadm, kubectl, docker-ce, /],
  ],
  passes: [
    ['a member as the file has it', memberWith(wanted)],
    ['one with containerd', memberWith({ ...ofKubernetes, 'containerd.io': '2.1.4' }, withContainerd)],
    [
      'a version that the file names in full',
      memberWith(
        { ...ofKubernetes, containerd: '1.6.20~ds1' },
        { runtime: { containerd: { ...debianContainerd, version: '1.6.20~ds1-1+deb12u1' } } },
      ),
    ],
    [
      'containerd in a package of another name, which nobody is told of',
      memberWith(ofKubernetes, { runtime: { containerd: ownPackage } }),
    ],
    ['a kubelet of another version, which another check is for', memberWith({ ...wanted, kubelet: '1.20.9' })],
    ['a machine that is no member yet', exampleView()],
  ],
});
