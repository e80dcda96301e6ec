import { readdir } from 'node:fs/promises';
import { type Lab, machineAddress } from '../lab.ts';
import { runCaptured, runChecked } from '../machine/run-captured.ts';
import { claimNamespaceDirectory, namespaceDirectory, releaseNamespaceDirectory } from './namespace-directory.ts';

/** The namespace of the lab's bridge. All cables end there, so the machine's own network has one link of the lab. */
export function switchNamespace(lab: Lab): string {
  return `${lab.name}-switch`;
}

/** The machine's own end of its cable to the switch. */
export function uplinkName(lab: Lab): string {
  return `${lab.name}0`;
}

/**
 * Makes the bridge in its namespace and connects the machine to it at the lab's first address. Frames between hosts
 * never pass the machine's own firewall. Does nothing when it is there already.
 */
export async function createSwitch(lab: Lab): Promise<void> {
  const namespace = switchNamespace(lab);
  const uplink = uplinkName(lab);
  const isThere = await runCaptured('ip', ['-netns', namespace, 'link', 'show', 'uplink']);
  if (isThere.exitCode === 0) return;
  await removeSwitch(lab);
  await claimNamespaceDirectory();
  await runChecked('ip', ['netns', 'add', namespace]);
  await runChecked('ip', ['-netns', namespace, 'link', 'add', 'bridge0', 'type', 'bridge']);
  await runChecked('ip', ['-netns', namespace, 'link', 'set', 'bridge0', 'up']);
  await runChecked('ip', ['link', 'add', uplink, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', namespace]);
  await runChecked('ip', ['-netns', namespace, 'link', 'set', 'uplink', 'master', 'bridge0', 'up']);
  await runChecked('ip', ['address', 'add', `${machineAddress(lab)}/24`, 'dev', uplink]);
  await runChecked('ip', ['link', 'set', uplink, 'up']);
}

/** Removes the machine's cable and every namespace of the lab, and with them all links and rules in them. */
export async function removeSwitch(lab: Lab): Promise<void> {
  await runCaptured('ip', ['link', 'delete', uplinkName(lab)]);
  for (const namespace of await labNamespaces(lab)) await runChecked('ip', ['netns', 'delete', namespace]);
  await releaseNamespaceDirectory();
}

/** Every network namespace that carries the lab's name. */
async function labNamespaces(lab: Lab): Promise<readonly string[]> {
  const names = await readdir(namespaceDirectory).catch(() => []);
  return names.filter((name) => name.startsWith(`${lab.name}-`));
}
