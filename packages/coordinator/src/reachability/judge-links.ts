import type { PeerListeners, PeerProbes } from '@drover/proto';
import type { NeededPort, SurveyedLink, SurveyedPort } from '../plan/reachability.ts';
import type { SurveyAnswers } from './survey-nodes.ts';
import type { PlannedLink } from './survey-plan.ts';

type Probe = PeerProbes['peers'][number]['ports'][number];
type Listener = PeerListeners['listeners'][number];

/** What answers at both ends say together. Ways from a node without an answer are not among them. */
export function judgeLinks(
  links: readonly PlannedLink[],
  { listeners, probes }: SurveyAnswers,
): readonly SurveyedLink[] {
  const indexed = new Map([...probes].map(([name, answer]) => [name, indexProbes(answer)]));
  return links.flatMap((link) => {
    const peer = indexed.get(link.from.name)?.get(link.to.address);
    if (peer === undefined) return [];
    const answer = listeners.get(link.to.name);
    const ports = link.ports.map((needed) =>
      judgePort(link.to.name, needed, find(peer.ports, needed), listenerOf(answer, needed)),
    );
    const latencies = ports.flatMap(({ latencyMs, state }) =>
      latencyMs === null || state === 'unreachable' ? [] : [latencyMs],
    );
    return [
      {
        from: link.from.name,
        to: link.to.name,
        address: link.to.address,
        latencyMs: latencies.length === 0 ? null : Math.min(...latencies),
        mtuBytes: peer.path?.mtuBytes ?? null,
        interfaceMtuBytes: peer.path?.interfaceMtuBytes ?? null,
        isMtuTold: peer.path?.isTold ?? false,
        ports,
      },
    ];
  });
}

function indexProbes(answer: PeerProbes | Error) {
  return new Map(answer instanceof Error ? [] : answer.peers.map((peer) => [peer.address, peer]));
}

function listenerOf(answer: PeerListeners | Error | undefined, needed: NeededPort): Listener | undefined {
  return answer === undefined || answer instanceof Error ? undefined : find(answer.listeners, needed);
}

function judgePort(
  node: string,
  { protocol, port, purpose }: NeededPort,
  probe: Probe | undefined,
  listener: Listener | undefined,
): SurveyedPort {
  const place = { protocol, port, purpose };
  const unmeasured = (reason: string): SurveyedPort => ({
    ...place,
    state: 'unmeasured',
    latencyMs: null,
    answeredBy: null,
    reason,
  });
  if (probe === undefined) return unmeasured('its service answers nobody else');
  const { latencyMs, answeredBy, reason } = probe;
  const found = { ...place, latencyMs, answeredBy, reason };
  if (probe.outcome === 'answered') return { ...found, state: answeredBy === node ? 'reached' : 'other-node' };
  if (listener === undefined) return unmeasured(`${node} did not listen`);
  if (listener.state === 'failed') return unmeasured(`${node} could not listen: ${listener.reason}`);
  if (listener.state === 'taken' && protocol === 'udp') return unmeasured('its service answers nobody else');
  if (probe.outcome === 'other') return { ...found, state: listener.state === 'taken' ? 'in-use' : 'other' };
  return { ...found, state: probe.outcome };
}

function find<Port extends Pick<NeededPort, 'protocol' | 'port'>>(
  ports: readonly Port[],
  wanted: NeededPort,
): Port | undefined {
  return ports.find(({ protocol, port }) => protocol === wanted.protocol && port === wanted.port);
}
