import type { Machine } from '../machine.ts';
import { unitReport } from '../units.ts';
import { answersCri, containerdCgroupDriver } from './crictl.ts';
import { dockerCgroupDriver } from './docker.ts';

/** A container runtime as a kubelet speaks to it. */
export interface NodeRuntime {
  readonly runs: boolean;
  readonly cgroupDriver: string;
  /** As in a Node's status: containerd://2.1.5. */
  readonly version: string;
}

/** The runtime behind a criSocket of kubeadm's configuration; Docker where none is named. */
export async function nodeRuntime(machine: Machine, criSocket = '/var/run/dockershim.sock'): Promise<NodeRuntime> {
  const { packages } = await machine.state();
  if (criSocket.endsWith('/containerd.sock')) {
    return {
      runs: await answersCri(machine),
      cgroupDriver: await containerdCgroupDriver(machine),
      version: `containerd://${packages['containerd.io'] ?? 'none'}`,
    };
  }
  const units = criSocket.endsWith('/cri-dockerd.sock') ? ['docker', 'cri-docker'] : ['docker'];
  const reports = await Promise.all(units.map((unit) => unitReport(machine, unit)));
  return {
    runs: reports.every(({ active }) => active === 'active'),
    cgroupDriver: await dockerCgroupDriver(machine),
    version: `docker://${packages['docker-ce'] ?? 'none'}`,
  };
}
