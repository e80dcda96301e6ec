// Does what it is asked for on standard input, a line of JSON each, with the agent's own actions on the network that it is
// started in. Ends with its input.
import { createInterface } from 'node:readline';
import { actDirectly, createLinuxHost } from '@drover/agent/testing';
import { type PeerLine, type PeerReply, parseLine } from './peer-lines.ts';

const [nodeName = ''] = process.argv.slice(2);
const host = createLinuxHost();
const underWay = new Map<string, AbortController>();

reply({ kind: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = parseLine(line);
  if (asked.kind === 'cancel') underWay.get(asked.operationId)?.abort(new Error('it was cancelled'));
  else void act(asked);
}
process.exit(0);

/** Never rejects. */
async function act({ operationId, call, timeoutMs }: Extract<PeerLine, { kind: 'call' }>): Promise<void> {
  const controller = new AbortController();
  underWay.set(operationId, controller);
  const { signal } = controller;
  const onWaiting = (): void => reply({ kind: 'waiting', operationId });
  try {
    const outcome = await actDirectly(host, call, { nodeName, operationId, mode: 'RUN', timeoutMs, signal, onWaiting });
    reply({ kind: 'answer', operationId, json: outcome.answer?.json ?? '' });
  } catch (error) {
    reply({ kind: 'failure', operationId, reason: String(error) });
  }
}

function reply(line: PeerReply): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
