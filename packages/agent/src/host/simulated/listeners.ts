import type { Machine } from './machine.ts';

/** A process that listens on all addresses. */
export interface Listener {
  readonly process: string;
  readonly port: number;
}

/** What a control plane has listening, besides the kubelet. */
export const controlPlaneListeners: readonly Listener[] = [
  { process: 'kube-apiserver', port: 6443 },
  { process: 'etcd', port: 2379 },
  { process: 'etcd', port: 2380 },
  { process: 'kube-controller', port: 10257 },
  { process: 'kube-scheduler', port: 10259 },
];

/** On every member. */
export const kubeletListener: Listener = { process: 'kubelet', port: 10250 };

/** Makes exactly these listen: the kernel's socket table, and under /proc the processes that hold the sockets. */
export async function setListeners(machine: Machine, listeners: readonly Listener[]): Promise<void> {
  const header = ((await machine.files.readFile('/proc/net/tcp6')) ?? '').split('\n')[0] ?? '';
  const rows = listeners.map(({ port }, i) => {
    const local = `${'0'.repeat(32)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return `   ${i}: ${local} ${'0'.repeat(32)}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inodeOf(port)} 1 0 100 0 0 10 0`;
  });
  await machine.files.writeFile('/proc/net/tcp6', [header, ...rows, ''].join('\n'), { mode: 0o444 });
  for (const { process, port } of listeners) {
    const directory = `/proc/${port}`;
    await machine.files.writeFile(`${directory}/comm`, `${process}\n`, { mode: 0o444 });
    await machine.files.writeFile(`${directory}/fd/3`, '', { mode: 0o600 });
    await machine.change((state) => {
      state.links[`${directory}/fd/3`] = `socket:[${inodeOf(port)}]`;
    });
  }
}

function inodeOf(port: number): number {
  return 100_000 + port;
}
