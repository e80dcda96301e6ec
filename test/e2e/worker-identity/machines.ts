import { readFile } from 'node:fs/promises';
import { applyUserData, findHost, type Host, parseUserData } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { droverJson, lab, onHost } from '../quick-start.ts';

/** A host of the lab by its name. */
export async function hostOf(name: string): Promise<Host> {
  return await findHost(lab, name);
}

/** Does what a machine's provisioner does at its first boot. */
export async function provision(host: Host, userDataFile: string): Promise<void> {
  await applyUserData(lab, host, parseUserData(await readFile(userDataFile, 'utf8')));
}

/** The boot id of a host's kernel. */
export async function bootIdOf(name: string): Promise<string> {
  return (await onHost(name, 'cat', '/proc/sys/kernel/random/boot_id')).trim();
}

/** A node's agent's word on this boot, as its journal has it. */
export async function agentJournal(name: string): Promise<string> {
  return await onHost(name, 'journalctl', '--no-pager', '--boot', '--unit=drover-agent', '--output=cat');
}

/** A node's agent in its journal of this boot, once it says so. */
export async function untilAgentSays(name: string, word: RegExp): Promise<void> {
  await until(
    () => `the agent on ${name} to say ${word.source}`,
    async () => word.test(await agentJournal(name)),
    120_000,
  );
}

/** A node as `drover get nodes NODE` shows it. */
export interface EnrolledNode {
  readonly incarnation: number;
  readonly connected: boolean;
  readonly connectedAt?: string;
}

/** The node as it is now. */
export async function enrolledNode(name: string): Promise<EnrolledNode> {
  return await droverJson('get', 'nodes', name);
}

/** The node, once it is connected and as told. */
export async function untilConnected(
  name: string,
  isSo: (node: EnrolledNode) => boolean = () => true,
): Promise<EnrolledNode> {
  let node: EnrolledNode | undefined;
  await until(
    () => `${name} to be connected: ${JSON.stringify(node)}`,
    async () => {
      node = await enrolledNode(name);
      return node.connected && isSo(node);
    },
    120_000,
  );
  return node ?? { incarnation: 0, connected: false };
}
