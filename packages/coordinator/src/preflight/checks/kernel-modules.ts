import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source =
  'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#install-and-configure-prerequisites';

/** Bridged packets have to reach iptables, or services do not work; what is judged is the effect, not a list of modules. */
export const kernelModules = nodeCheck({
  id: 'kernel-modules',
  title: 'br_netfilter and overlay are there, as modules or built in, and will be after a reboot',
  scope: 'node',
  reads: ['kernelModules'],
  shows: 'What is missing',
  rules: {
    bridge: {
      ...mendedBy('load-kernel-modules'),
      when: 'br_netfilter is missing: bridged packets do not reach iptables',
      source: 'https://github.com/kubernetes/kubernetes/pull/123464',
    },
    overlay: { ...mendedBy('load-kernel-modules'), when: 'overlay is missing: images cannot be mounted', source },
    unpersisted: {
      ...mendedBy('load-kernel-modules'),
      when: 'A module is loaded, is not built in, and no file of modules-load.d names it',
      source: 'https://www.freedesktop.org/software/systemd/man/latest/modules-load.d.html',
    },
  },
  ofNode: ({ facts: { kernelModules: found } }) => {
    const persisted = found.persisted.map(plain);
    const isKept = (name: string) => persisted.includes(name) || (found.builtIn ?? []).map(plain).includes(name);
    const loaded = [...(found.bridgeNetfilter ? ['br_netfilter'] : []), ...(found.overlay ? ['overlay'] : [])];
    const lost = loaded.filter((name) => !isKept(name));
    const missing = [
      ...(found.bridgeNetfilter
        ? []
        : [{ rule: 'bridge' as const, message: 'bridged packets do not reach iptables: br_netfilter is missing' }]),
      ...(found.overlay ? [] : [{ rule: 'overlay' as const, message: 'the overlay file system is missing' }]),
    ];
    if (lost.length === 0) return missing;
    const message = `${lost.join(' and ')} ${lost.length === 1 ? 'is' : 'are'} not there after a reboot`;
    const evidence = [`modules-load.d names ${persisted.length === 0 ? 'nothing' : persisted.join(', ')}`];
    return [...missing, { rule: 'unpersisted' as const, message, evidence }];
  },
});

/** The kernel takes - and _ for the same in names of modules. */
function plain(name: string): string {
  return name.replaceAll('-', '_');
}
