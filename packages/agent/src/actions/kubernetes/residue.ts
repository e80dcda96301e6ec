import { BlockList, isIPv4 } from 'node:net';
import { DroverError } from '@drover/core';
import { readRoutes } from '../../facts/network.ts';
import type { Command } from '../../host/host.ts';
import type { ApplyContext, InspectContext } from '../action.ts';
import { planRulesRemoval } from './kube-rules.ts';

/** What `kubeadm reset` leaves by its own account, and a next membership would stumble over. */
export interface Residue {
  /** Configurations of pod networks that no package put there: with one of the old network a node is Ready too early. */
  readonly networkFiles: readonly string[];
  /** Network devices of pod networks and of kube-proxy. */
  readonly links: readonly string[];
  /** Routes to the pods of other nodes, by destination: a pod network puts them there, and nothing takes them away. */
  readonly routes: readonly string[];
  /** Programs whose tables still hold chains of Kubernetes, with what takes those out. */
  readonly rules: readonly { readonly family: Family; readonly removal: string }[];
}

type Family = 'iptables' | 'ip6tables';

const networkFolder = '/etc/cni/net.d';

/** Made by the reference plugins, flannel and kube-proxy. What else a pod network makes goes with a restart. */
const knownLinks = ['cni0', 'flannel.1', 'kube-ipvs0'];

/** Looks for what a reset leaves; for routes where it is told which addresses are the pods'. */
export async function findResidue(context: InspectContext, podCidr: string): Promise<Residue> {
  const { host } = context;
  const files = (await host.listDirectory(networkFolder)).map((name) => `${networkFolder}/${name}`);
  const [owned, devices, routes, rules] = await Promise.all([
    Promise.all(files.map((path) => isOfPackage(context, path))),
    host.listDirectory('/sys/class/net'),
    readRoutes(host),
    Promise.all((['iptables', 'ip6tables'] as const).map((family) => findRules(context, family))),
  ]);
  return {
    networkFiles: files.filter((_, i) => owned[i] === false),
    links: knownLinks.filter((name) => devices.includes(name)),
    routes: routes.map(({ destination }) => destination).filter((destination) => isWithin(destination, podCidr)),
    rules: rules.flat(),
  };
}

/** What is there, a line each. */
export function describeResidue({ networkFiles, links, routes, rules }: Residue): readonly string[] {
  return [
    ...networkFiles.map((path) => `there is ${path}`),
    ...links.map((name) => `there is the network device ${name}`),
    ...routes.map((destination) => `there is a route to the pods ${destination}`),
    ...rules.map(({ family }) => `${family} has chains of Kubernetes`),
  ];
}

/** Takes it away; what others put into the same folders and tables stays. */
export async function removeResidue(
  context: ApplyContext,
  { networkFiles, links, routes, rules }: Residue,
): Promise<void> {
  const { host } = context;
  for (const path of networkFiles) await host.removeFile(path);
  for (const name of links) await host.run(command(context, ['ip', 'link', 'delete', name]));
  // 2: it has gone with its device (ip(8)).
  for (const destination of routes)
    await host.run({ ...command(context, ['ip', 'route', 'delete', destination]), successStatuses: [0, 2] });
  // All of a table at once, and nothing of it that is not named.
  for (const { family, removal } of rules)
    await host.run({ ...command(context, [`${family}-restore`, '--noflush']), input: removal });
}

/** Whether a network lies in another one; false where there is no other. */
function isWithin(inner: string, outer: string): boolean {
  const [[address = '', length = ''], [network = '', prefix = '']] = [inner.split('/'), outer.split('/')];
  if (!isIPv4(network) || prefix === '' || Number(length) < Number(prefix)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list.check(address);
}

async function isOfPackage(context: InspectContext, path: string): Promise<boolean> {
  // 1: no package owns it (rpm(8)).
  const { status } = await context.host.query({
    ...command(context, ['rpm', '--query', '--file', path]),
    successStatuses: [0, 1],
  });
  return status === 0;
}

/** Where the program is not installed, nobody has made rules with it. */
async function findRules(context: InspectContext, family: Family): Promise<Residue['rules']> {
  const saved = await context.host.query(command(context, [`${family}-save`])).catch((thrown: unknown) => {
    if (thrown instanceof DroverError && thrown.code === 'command-not-found') return undefined;
    throw thrown;
  });
  const removal = planRulesRemoval(saved?.stdout ?? '');
  return removal === undefined ? [] : [{ family, removal }];
}

function command({ signal }: InspectContext, argv: [string, ...string[]]): Command {
  return { argv, timeoutMs: 30_000, signal };
}
