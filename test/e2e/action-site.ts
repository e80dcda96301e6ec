import assert from 'node:assert/strict';
import { type ActionOutcome, actDirectly, createReachedHost } from '@drover/agent/testing';
import { execOnHost, findHost, type Host, hostCommand, type Lab, machineAddress } from '@drover/lab';
import type { ActionCall, ActionName, ActionParams } from '@drover/proto';

/** The hosts of a lab, on which actions are done without an agent and without a coordinator. */
export interface ActionSite {
  /** Has an action done, or only inspected. Rejects with what it throws. */
  act<Name extends ActionName>(
    host: string,
    name: Name,
    params: ActionParams<Name>,
    options?: ActOptions,
  ): Promise<ActionOutcome>;
  /** Makes a bare host fit for kubeadm. */
  prepare(host: string): Promise<void>;
  /** Standard output of a command on a host, whatever its status. */
  shell(host: string, script: string): Promise<string>;
}

/** What can be chosen about one action. */
export interface ActOptions {
  /** @default 'RUN' */
  readonly mode?: 'RUN' | 'INSPECT';
  /** @default 300000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  readonly onWaiting?: (on: string) => void;
}

/** Over the hosts of a lab that is up. */
export function createActionSite(lab: Lab): ActionSite {
  let operations = 0;
  const act: ActionSite['act'] = async (name, action, params, options = {}) => {
    const prefix = await hostCommand(lab, await findHost(lab, name), []);
    const target = prefix.find((word) => word.startsWith('--target='))?.slice('--target='.length);
    const machine = createReachedHost({ root: `/proc/${target}/root`, commandPrefix: prefix });
    operations += 1;
    return await actDirectly(machine, { name: action, params } as unknown as ActionCall, {
      nodeName: name,
      operationId: `direct-${operations}`,
      mode: 'RUN',
      timeoutMs: 300_000,
      ...options,
    });
  };
  return {
    act,
    prepare: async (name) => {
      // What is under /proc/sys shows itself to a process by that process's own network, not by the folder it looks in.
      const sysctl = 'sysctl -w net.bridge.bridge-nf-call-iptables=1 net.ipv4.ip_forward=1';
      await execOnHost(lab, await findHost(lab, name), sysctl.split(' '), { timeoutMs: 10_000 });
      for (const step of preparation(lab, await findHost(lab, name))) await act(name, step.name, step.params as never);
    },
    shell: async (name, script) => {
      const { stdout } = await execOnHost(lab, await findHost(lab, name), ['sh', '-c', script], { timeoutMs: 60_000 });
      return stdout.trim();
    },
  };
}

/** What a bring-up does before kubeadm, with what the lab serves; a lab's hosts have their names and no swap. */
function preparation(lab: Lab, { name }: Host): readonly ActionCall[] {
  const registry = `${machineAddress(lab)}:5000`;
  const repository = (id: string): ActionCall => ({
    name: 'configure-repository',
    params: {
      id,
      name: id,
      baseUrl: `http://${machineAddress(lab)}:8080/${id}/`,
      gpgCheck: false,
      gpgKeys: [],
      exclude: [],
      apt: null,
    },
  });
  const install = (id: string, versions: Readonly<Record<string, string>>): ActionCall => ({
    name: 'install-packages',
    params: {
      packages: Object.entries(versions).map(([each, version]) => ({ name: each, version })),
      repository: id,
    },
  });
  const service = (unit: string, running: boolean): ActionCall => ({
    name: 'enable-service',
    params: { unit, running },
  });
  return [
    {
      name: 'configure-hosts',
      params: { entries: [{ address: firstControlPlane(lab), names: ['cluster-endpoint'] }] },
    },
    repository('docker-ce'),
    repository('kubernetes'),
    install('docker-ce', { 'docker-ce': '20.10.24', 'docker-ce-cli': '20.10.24', 'containerd.io': '1.6.20' }),
    {
      name: 'configure-docker',
      params: {
        registryMirrors: [],
        insecureRegistries: [registry],
        cgroupDriver: 'systemd',
        logDriver: 'json-file',
        logOptions: { 'max-size': '100m' },
        storageDriver: '',
        storageOptions: [],
      },
    },
    service('docker.service', true),
    install('kubernetes', { kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2' }),
    service('kubelet.service', false),
    { name: 'pull-images', params: { runtime: 'docker', images: imagesOf(registry, name) } },
  ];
}

function imagesOf(registry: string, name: string): string[] {
  const controlPlane = [
    'kube-apiserver:v1.20.2',
    'kube-controller-manager:v1.20.2',
    'kube-scheduler:v1.20.2',
    'etcd:3.4.13-0',
  ];
  const every = ['kube-proxy:v1.20.2', 'pause:3.2', 'drover-lab-network:1'];
  const wanted = name.startsWith('control-plane') ? [...controlPlane, ...every] : every;
  return wanted.map((image) => `${registry}/kubernetes/${image}`);
}

/** The address of a lab's first host: hosts are numbered from .11 on. */
export function firstControlPlane(lab: Lab): string {
  return machineAddress(lab).replace(/\.1$/, '.11');
}

/** A failure's code, or undefined when it did not fail; for a test that expects it to. */
export async function codeOf(outcome: Promise<ActionOutcome>): Promise<string | undefined> {
  return await outcome.then(
    () => undefined,
    (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error, String(error));
      return String(error.code);
    },
  );
}
