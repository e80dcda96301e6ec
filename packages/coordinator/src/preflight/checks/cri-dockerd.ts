import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

/** dockershim, the kubelet's own way of speaking to Docker, was removed in 1.24. */
export const criDockerd = nodeCheck({
  id: 'cri-dockerd',
  title: 'With Docker from Kubernetes 1.24 on, cri-dockerd stands between the kubelet and Docker',
  scope: 'node',
  reads: ['packages', 'units', 'sockets', 'membership'],
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
      when: 'It is installed, and has no socket, or does not run on a member',
      kubernetes: { from: '1.24' },
      source: 'https://mirantis.github.io/cri-dockerd/',
    },
  },
  ofNode: ({ facts: { packages, units, sockets, membership } }, { spec }) => {
    if (wantedRuntime(spec).name !== 'docker') return [];
    const hasSocket = sockets.some((path) => path.endsWith('/cri-dockerd.sock'));
    const isActive = units['cri-docker']?.active === true;
    // A kubelet asks all the time, which keeps it active. systemd leaves the socket's file behind when it stops both.
    const isIdle = membership.kubeletConfigured && spec.runtime.docker?.criDockerd !== undefined && !isActive;
    if (hasSocket && !isIdle) return [];
    const version = packages.installed['cri-dockerd'];
    const evidence = [
      `package: ${version ?? 'not installed'}`,
      `cri-docker.service: ${isActive ? 'active' : 'not active'}`,
    ];
    const why = hasSocket ? 'cri-docker.service does not run' : 'there is no /run/cri-dockerd.sock';
    const message = `the kubelet cannot speak to Docker: ${why}`;
    return [{ rule: version === undefined ? 'absent' : 'stopped', message, evidence }];
  },
});
