import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { actDirectly, createLinuxHost } from '../packages/agent/src/testing/index.ts';
import {
  createNetworkSurvey,
  exampleFacts,
  exampleSpec,
  isFine,
  type NodeSessions,
} from '../packages/coordinator/src/testing/network-survey.ts';
import { systemClock } from '../packages/core/src/index.ts';
import type { Benchmark, Reading } from './benchmark.ts';

const nodeCount = 50;
const controlPlanes = 3;
const rounds = 3;

/**
 * A survey of fifty nodes, three of them control planes, with VXLAN: real sockets on addresses of loopback, the agents' own
 * actions, the coordinator's own survey, all in one process on one machine. What sessions and units take is not in it.
 */
export const reachabilityBenchmark: Benchmark = {
  name: 'reachability',
  run: async () => {
    const root = await makeRoot();
    try {
      return await measure(root);
    } finally {
      await rm(root, { recursive: true });
    }
  },
};

/** So that loopback counts as an interface whose packets are measured. */
async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  const header = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT';
  const files = {
    '/proc/net/route': `${header}\nlo\t0000007F\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n`,
    '/sys/class/net/lo/mtu': '1500\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

async function measure(root: string): Promise<readonly Reading[]> {
  const spec = exampleSpec({
    networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', manifest: 'flannel: {"Type": "vxlan"}' },
    nodes: Array.from({ length: nodeCount }, (_, i) => ({
      name: `node-${i + 1}`,
      role: i < controlPlanes ? ('control-plane' as const) : ('worker' as const),
      address: `127.88.0.${i + 1}`,
    })),
  });
  const nodes = spec.nodes.map((node, index) => ({
    spec: node,
    nodeId: node.name,
    incarnation: 1,
    facts: exampleFacts({ hostname: node.name, address: node.address ?? '', index }),
    clockSkewMs: 0,
  }));
  const view = { spec, nodes, targets: spec.nodes.map(({ name }) => name) };
  const sessions = actingSessions(root);
  const survey = createNetworkSurvey({
    sessions,
    newOperationId: randomUUID,
    randomBytes,
    clock: systemClock,
  });
  const takenMs: number[] = [];
  let ports = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { durationMs, links, unsurveyed } = await survey(view, AbortSignal.timeout(60_000));
    const all = links.flatMap((link) => link.ports);
    const isWhole = links.every(({ mtuBytes }) => mtuBytes === 1500);
    if (links.length !== nodeCount * (nodeCount - 1) || unsurveyed.length > 0 || !all.every(isFine) || !isWhole)
      throw new Error(`round ${round + 1} did not find ${nodeCount} nodes that reach each other`);
    takenMs.push(durationMs);
    ports = all.length;
  }
  const sorted = takenMs.toSorted((a, b) => a - b);
  return [
    { what: 'ways', value: nodeCount * (nodeCount - 1), unit: '' },
    { what: 'ports', value: ports, unit: '' },
    { what: 'median', value: (sorted[Math.floor(rounds / 2)] ?? 0) / 1000, unit: 's' },
    { what: 'slowest', value: (sorted.at(-1) ?? 0) / 1000, unit: 's' },
  ];
}

/** A node's id is its name. */
function actingSessions(root: string): Pick<NodeSessions, 'run'> {
  const host = createLinuxHost({ root });
  return {
    run: async (nodeName, { operationId, call, timeoutMs }, { signal, observer }) => {
      const sinceMs = Date.now();
      const onWaiting = (on: string): void =>
        observer?.onProgress?.({ message: '', waitingOn: { on, sinceMs, untilMs: sinceMs + timeoutMs } });
      const outcome = await actDirectly(host, call, {
        nodeName,
        operationId,
        mode: 'RUN',
        timeoutMs,
        signal,
        onWaiting,
      });
      const document: unknown = JSON.parse(outcome.answer?.json ?? '');
      return { kind: 'answer', document, startedAt: sinceMs, finishedAt: Date.now(), commandMs: 0 };
    },
  };
}
