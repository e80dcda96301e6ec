import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../integration/until.ts';
import { drover, droverJson, kubectl, lab, latestRun, npm, onHost, readExample } from '../quick-start.ts';
import { claims } from './claims.ts';
import { nodeObject, untilAsBefore, untilBack } from './node-object.ts';
import { countRejoins, rejoinMs, untilRejoined } from './rejoins.ts';
import type { Site } from './site.ts';

const worker = 'worker-2';
const address = `${lab.subnet}.60`;

/** A machine that is installed anew two years ago, and then at another address. Its reimage serves both. */
export function testElsewhere({ reimage, clusterFile }: Site): void {
  test('a machine whose clock is two years behind says by how much, and is given nothing', async () => {
    const former = await nodeObject(worker);
    const [asked, run] = [(await claims()).map(({ claimId }) => claimId), (await latestRun()).run.runId];
    await reimage(worker, '--address', address, '--days-behind', '730');
    const journal = () => onHost(worker, 'journalctl', '--no-pager', '-o', 'cat', '-u', 'drover-agent');
    await until(
      () => 'the agent to say what is wrong',
      async () => (await journal()).includes('"code":"clock-wrong"'),
      rejoinMs,
    );
    assert.match(
      await journal(),
      /clock says 20..-.*, and the coordinator’s certificate is valid from 20..-.* until .*: the clock is 7\d\d to 7\d\d days behind\. Set this machine’s clock/,
    );
    assert.deepEqual(
      [(await claims()).map(({ claimId }) => claimId), (await latestRun()).run.runId, (await nodeObject(worker)).uid],
      [asked, run, former.uid],
      'nobody was asked for anything, and nothing was done',
    );
  });

  test('with its clock right it comes back as far as its cluster file lets it, which says another address', async () => {
    const { exitCode, all } = await npm('run', 'lab', '--', 'clock', worker);
    assert.equal(exitCode, 0, all);
    let problem: { readonly code: string; readonly reason: string } | undefined;
    await until(
      () => 'the rejoin to be blocked',
      async () => {
        problem = (await rejoinOf(worker))?.problem;
        return problem !== undefined;
      },
      rejoinMs,
    );
    const { address: stated } = findIn(await readExample('lab.yaml'), worker);
    assert.equal(problem?.code, 'preflight-failed');
    assert.equal(
      problem?.reason,
      `the address ${stated}, which the cluster file gives the node, is on no interface of it`,
    );
  });

  test('where the cluster file says no address, it is a Node with the machine’s new one', async () => {
    const former = await nodeObject(worker);
    const earlier = await countRejoins();
    const file = await clusterFile((text) => text.replace(findIn(text, worker).line, ''));
    const applied = await drover('apply', '-f', file, '--no-run');
    assert.equal(applied.exitCode, 0, applied.all);
    const retried = await drover('nodes', 'retry', worker);
    assert.equal(retried.exitCode, 0, retried.all);
    await untilBack(worker, former.uid);
    await untilRejoined(earlier + 1);
    await untilAsBefore(worker, former);
    const path = 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}';
    assert.equal(await kubectl('get', 'node', worker, '-o', path), address);
  });
}

interface NodeWithRejoin {
  readonly name: string;
  readonly rejoin?: { readonly problem?: { readonly code: string; readonly reason: string } };
}

async function rejoinOf(name: string): Promise<NodeWithRejoin['rejoin']> {
  return (await droverJson<readonly NodeWithRejoin[]>('get', 'nodes')).find((node) => node.name === name)?.rejoin;
}

/** What a cluster file says of a node's address. */
function findIn(text: string, name: string): { readonly line: string; readonly address: string } {
  const [, line = '', stated = ''] = new RegExp(`name: ${name}\\n(?: .*\\n)*?( +address: (.*)\\n)`).exec(text) ?? [];
  assert.notEqual(stated, '', `the cluster file says an address of ${name}`);
  return { line, address: stated };
}
