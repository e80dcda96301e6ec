import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';

/**
 * A machine with a firewall, its neighbours and one of its pods, as namespaces: `peers` has 10.98.0.2 and 10.98.0.9, the
 * machine 10.98.0.1, and behind it is 10.244.0.2.
 */
export interface Wires {
  /** The machine's namespace. */
  readonly machine: string;
  /** Whether somebody is reached. */
  reaches(from: 'peers' | 'pod', source: string, to: string, port: number): Promise<boolean>;
  remove(): Promise<void>;
}

const prefix = `drvfw${process.pid}`;
const nameOf = (place: string): string => `${prefix}-${place}`;

/** Makes them: the machine listens on 22, 6443 and 10250, a peer on 8080. */
export async function createWires(): Promise<Wires> {
  const servers: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    for (const server of servers) server.kill('SIGKILL');
    const places = ['machine', 'peers', 'pod'];
    const drop = (place: string) => execa('ip', ['netns', 'delete', nameOf(place)], { reject: false, timeout: 10_000 });
    await Promise.all(places.map(drop));
  };
  try {
    for (const line of layout.trim().split('\n')) {
      const words = line.trim().replaceAll('%', `${prefix}-`).split(' ');
      await execa('ip', words, { timeout: 10_000 });
    }
    await execa('ip', ['netns', 'exec', nameOf('machine'), 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    servers.push(await serve('machine', [22, 6443, 10250]), await serve('peers', [8080]));
  } catch (error) {
    await remove();
    throw error;
  }
  return { machine: nameOf('machine'), reaches, remove };
}

const layout = `
  netns add %machine
  netns add %peers
  netns add %pod
  link add eth0 netns %machine type veth peer name eth0 netns %peers
  link add cni0 netns %machine type veth peer name eth0 netns %pod
  -n %machine address add 10.98.0.1/24 dev eth0
  -n %machine address add 10.244.0.1/24 dev cni0
  -n %machine link set eth0 up
  -n %machine link set cni0 up
  -n %machine link set lo up
  -n %peers address add 10.98.0.2/24 dev eth0
  -n %peers address add 10.98.0.9/24 dev eth0
  -n %peers link set eth0 up
  -n %peers route add 10.244.0.0/16 via 10.98.0.1
  -n %pod address add 10.244.0.2/24 dev eth0
  -n %pod link set eth0 up
  -n %pod route add default via 10.244.0.1
`;

async function serve(place: string, ports: readonly number[]): Promise<ChildProcess> {
  const listen = ports.map((port) => `require('net').createServer((s) => s.end()).listen(${port}, '0.0.0.0', heard);`);
  const text = `let left = ${ports.length}; const heard = () => { left -= 1; if (left === 0) console.log('ready'); }; ${listen.join('')}`;
  const child = spawn('ip', ['netns', 'exec', nameOf(place), process.execPath, '-e', text], { stdio: 'pipe' });
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
  return child;
}

const reaches: Wires['reaches'] = async (from, localAddress, host, port) => {
  const text = `const s = require('net').connect(${JSON.stringify({ localAddress, host, port })});
    s.on('connect', () => process.exit(0)); s.on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000);`;
  const argv = ['netns', 'exec', nameOf(from), process.execPath, '-e', text];
  return (await execa('ip', argv, { reject: false, timeout: 20_000 })).exitCode === 0;
};
