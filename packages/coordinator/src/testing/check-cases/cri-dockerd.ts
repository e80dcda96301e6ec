import { criDockerd } from '../../preflight/checks/cri-dockerd.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, member, viewWith, withContainerd } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const criDockerdSpec = { version: '0.3.16', repository: 'docker-ce' };
const docker = { version: '28.5.1', containerdVersion: '1.7.28', repository: 'docker-ce', criDockerd: criDockerdSpec };
const memberWith = (active: boolean) =>
  viewWith(
    'control-plane-1',
    {
      membership: member,
      packages: { installed: { 'cri-dockerd': '0.3.16' } },
      units: { 'cri-docker': { active, enabled: true } },
      sockets: ['/run/cri-dockerd.sock'],
    },
    { ...kubernetesAt('v1.28.0'), runtime: { docker }, nodes: [{ name: 'control-plane-1', role: 'control-plane' }] },
  );

testCheck(criDockerd, {
  finds: [
    ['Docker alone from 1.24 on', 'absent', exampleView(kubernetesAt('v1.24.0')), /no \/run\/cri-dockerd\.sock/],
    [
      'one that does not run',
      'stopped',
      viewWith('worker-1', { packages: { installed: { 'cri-dockerd': '0.3.14' } } }, kubernetesAt('v1.28.0')),
      /no \/run\/cri-dockerd\.sock/,
    ],
    [
      'one that was stopped on a member, and left its socket behind',
      'stopped',
      memberWith(false),
      /cri-docker\.service does not run/,
    ],
  ],
  passes: [
    ['a member on which it runs', memberWith(true)],
    ['Docker under Kubernetes 1.23', exampleView(kubernetesAt('v1.23.17'))],
    ['containerd', exampleView({ ...withContainerd, ...kubernetesAt('v1.24.0') })],
  ],
});
