import { untilAborted } from '@drover/core';
import type { ActionParams, PeerListeners } from '@drover/proto';
import type { QueryAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { isAddress, portFaults, toPeerPorts } from './peer-parameters.ts';

/** However much time the operation has. */
const longestMs = 60_000;

/** Listens for the other nodes of a survey until it is cancelled: then it ends well, and answers where it listened. */
export const listenForPeers: QueryAction<'listen-for-peers'> = {
  kind: 'query',
  name: 'listen-for-peers',
  answer: async ({ host, nodeName, signal, deadlineAt, clock, reportWaiting }, params): Promise<PeerListeners> => {
    rejectFaults('listen-for-peers', nodeName, faultsOf(params));
    const { surveyKey: key, address } = params;
    const over = new AbortController();
    const closing = AbortSignal.any([signal, over.signal]);
    try {
      const listeners = await host.peers.listen({
        key,
        nodeName,
        address,
        ports: toPeerPorts(params.ports),
        signal: closing,
      });
      const untilMs = Math.min(deadlineAt, clock.now() + longestMs);
      reportWaiting({ on: 'the other nodes of the survey', untilMs });
      await untilAborted(clock.sleep(untilMs - clock.now(), closing), closing).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return { listeners: [...listeners] };
    } finally {
      over.abort();
    }
  },
};

function faultsOf({ surveyKey, address, ports }: ActionParams<'listen-for-peers'>) {
  return [
    ...faultUnless(surveyKey.length === 32, 'survey_key', 'has to have 32 bytes'),
    ...faultUnless(isAddress(address), 'address', 'is no IP address'),
    ...faultUnless(ports.length <= 16, 'ports', 'are more than 16'),
    ...portFaults(ports, 'ports'),
  ];
}
