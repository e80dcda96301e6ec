import type { ActionParams, PeerProbes } from '@drover/proto';
import type { PathMtu, PeerProbe, PeerTarget } from '../host/peer-network.ts';
import type { QueryAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { isAddress, portFaults, toPeerPorts } from './peer-parameters.ts';

/** Tries the listeners of a survey, then measures the ways to those that answered a datagram. */
export const probePeers: QueryAction<'probe-peers'> = {
  kind: 'query',
  name: 'probe-peers',
  answer: async ({ host: { peers }, nodeName, signal }, params): Promise<PeerProbes> => {
    rejectFaults('probe-peers', nodeName, faultsOf(params));
    const { surveyKey: key } = params;
    const targets = params.targets.flatMap(({ address, ports }) =>
      toPeerPorts(ports).map((port): PeerTarget => ({ address, ...port })),
    );
    const probes = await peers.probe({ key, targets, signal });
    const found = targets.flatMap((target, i) => {
      const probe = probes[i];
      return probe === undefined ? [] : [{ ...target, ...probe }];
    });
    const paths = measurable(found);
    const measured = await peers.measurePaths({ key, targets: paths, signal });
    const mtus = new Map(paths.map(({ address }, i) => [address, measured[i]]));
    return { peers: params.targets.map(({ address }) => toPeer(address, found, mtus.get(address))) };
  },
};

type Found = PeerTarget & PeerProbe;

/** One way to each address at which a datagram was answered. */
function measurable(found: readonly Found[]): readonly Found[] {
  const answered = found.filter(({ protocol, outcome }) => protocol === 'udp' && outcome === 'answered');
  return answered.filter(({ address }, i) => answered.findIndex((other) => other.address === address) === i);
}

function toPeer(address: string, found: readonly Found[], path: PathMtu | undefined): PeerProbes['peers'][number] {
  const ports = found
    .filter((each) => each.address === address)
    .map(({ protocol, port, outcome, latencyMs, answeredBy, reason }) => {
      return { protocol, port, outcome, latencyMs, answeredBy, reason };
    });
  return { address, ports, path: path ?? null };
}

function faultsOf({ surveyKey, targets }: ActionParams<'probe-peers'>) {
  const pairs = targets.reduce((sum, { ports }) => sum + ports.length, 0);
  const repeated = new Set(targets.map(({ address }) => address)).size < targets.length;
  return [
    ...faultUnless(surveyKey.length === 32, 'survey_key', 'has to have 32 bytes'),
    ...faultUnless(pairs <= 10_000, 'targets', 'have more than 10000 ports'),
    ...faultUnless(!repeated, 'targets', 'have an address twice'),
    ...targets.flatMap(({ address, ports }, i) => [
      ...faultUnless(isAddress(address), `targets[${i}].address`, 'is no IP address'),
      ...portFaults(ports, `targets[${i}].ports`),
    ]),
  ];
}
