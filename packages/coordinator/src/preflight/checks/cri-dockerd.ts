import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';

/** dockershim, the kubelet's own way of speaking to Docker, was removed in 1.24. */
export const criDockerd = nodeCheck({
  id: 'cri-dockerd',
  title: 'With Docker from Kubernetes 1.24 on, cri-dockerd stands between the kubelet and Docker',
  scope: 'node',
  reads: ['packages', 'units', 'sockets'],
  shows: 'The package, the unit and the socket of cri-dockerd',
  rules: {
    absent: {
      severity: 'error',
      when: 'It is not there',
      kubernetes: { from: '1.24' },
      source: 'https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/',
      remedy: 'Install cri-dockerd and start cri-docker.socket, or use containerd.',
    },
    stopped: {
      severity: 'error',
      when: 'It is installed, and has no socket',
      kubernetes: { from: '1.24' },
      source: 'https://mirantis.github.io/cri-dockerd/',
      remedy: 'Start it: `systemctl enable --now cri-docker.socket cri-docker.service`.',
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
