import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Proxy = NonNullable<Facts['proxies']>[number];

/** Drop-ins of the services that pull images and speak to the API, in the order of systemd.unit(5). */
const services = ['docker', 'containerd', 'kubelet', 'cri-docker'];

/** Files that give every login and many a service a proxy. */
const files = [
  '/etc/environment',
  '/etc/sysconfig/docker',
  '/etc/sysconfig/kubelet',
  '/etc/default/docker',
  '/etc/default/kubelet',
];

/** Every file that sets a proxy for what a cluster runs. User names and passwords are taken out of the addresses. */
export async function readProxies(host: ReadonlyHost): Promise<Proxy[]> {
  const dropIns = await Promise.all(
    services.map(async (name) => {
      const directory = `/etc/systemd/system/${name}.service.d`;
      return (await host.listDirectory(directory))
        .filter((each) => each.endsWith('.conf'))
        .map((each) => `${directory}/${each}`);
    }),
  );
  const paths = [...files, '/etc/systemd/system.conf', ...dropIns.flat()];
  const texts = await Promise.all(paths.map((path) => host.readFile(path)));
  return paths.flatMap((path, index) => parseProxy(path, texts[index] ?? ''));
}

/** `HTTP_PROXY=…`, alone on a line, behind export, or in an Environment= of systemd, with or without quotes. */
function parseProxy(path: string, text: string): Proxy[] {
  const active = text.split('\n').filter((line) => !/^\s*[#;]/.test(line));
  const value = (name: string): string | null => {
    const pattern = new RegExp(`(?:^|[\\s"'=])${name}=("[^"]*"|'[^']*'|[^\\s"']*)`, 'i');
    const found = active.map((line) => pattern.exec(line)?.[1]).findLast((each) => each !== undefined);
    const plain = found?.replace(/^["']|["']$/g, '') ?? '';
    return plain === '' ? null : plain;
  };
  const [http, https, none] = [value('http_proxy'), value('https_proxy'), value('no_proxy')];
  if (http === null && https === null && none === null) return [];
  const noProxy = (none ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return [{ path, http: withoutUser(http), https: withoutUser(https), noProxy }];
}

function withoutUser(address: string | null): string | null {
  return address?.replace(/^(\w+:\/\/)?[^/@]*@/, '$1') ?? null;
}
