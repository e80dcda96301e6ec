import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** dockershim, the kubelet's own way of speaking to Docker, was removed in 1.24. */
export const criDockerd = nodeCheck({
  id: 'cri-dockerd',
  title: 'With Docker from Kubernetes 1.24 on, cri-dockerd stands between the kubelet and Docker',
  scope: 'node',
  reads: ['packages', 'units', 'sockets'],
  shows: 'The package, the unit and the socket of cri-dockerd',
  rules: {
    absent: {
      ...mendedBy('install-packages'),
      when: 'It is not there',
      kubernetes: { from: '1.24' },
      source: 'https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/',
    },
    stopped: {
      ...mendedBy('enable-service'),
      when: 'It is installed, and has no socket',
      kubernetes: { from: '1.24' },
      source: 'https://mirantis.github.io/cri-dockerd/',
    },
  },
  ofNode: ({ facts: { packages, units, sockets } }, { spec }) => {
    if (wantedRuntime(spec).name !== 'docker' || sockets.some((path) => path.endsWith('/cri-dockerd.sock'))) return [];
    const version = packages.installed['cri-dockerd'];
    const evidence = [
      `package: ${version ?? 'not installed'}`,
      `cri-docker.service: ${units['cri-docker']?.active === true ? 'active' : 'not active'}`,
    ];
    const message = 'the kubelet cannot speak to Docker: there is no /run/cri-dockerd.sock';
    return [{ rule: version === undefined ? 'absent' : 'stopped', message, evidence }];
  },
});
