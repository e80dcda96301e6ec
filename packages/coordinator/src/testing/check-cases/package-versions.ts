import { packageVersions } from '../../preflight/checks/package-versions.ts';
import { exampleView } from '../example-view.ts';
import { member, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const wanted = {
  ...{ kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2' },
  ...{ 'docker-ce': '20.10.24', 'docker-ce-cli': '20.10.24', 'containerd.io': '1.6.20' },
};
const memberWith = (installed: Readonly<Record<string, string>>) =>
  viewWith('worker-1', { membership: member, packages: { installed } });

testCheck(packageVersions, {
  finds: [
    [
      'a runtime that was upgraded behind our back',
      'other',
      memberWith({ ...wanted, 'docker-ce': '24.0.1' }),
      /^docker-ce has another version$/,
    ],
    ['packages that were removed', 'other', memberWith({ kubelet: '1.20.2' }), /kubeadm, kubectl, docker-ce, /],
  ],
  passes: [
    ['a member as the file has it', memberWith(wanted)],
    ['a kubelet of another version, which another check is for', memberWith({ ...wanted, kubelet: '1.20.9' })],
    ['a machine that is no member yet', exampleView()],
  ],
});
