import type { Secret } from '@drover/core';
import { renderCloudInit } from './cloud-init.ts';
import { renderIgnition } from './ignition.ts';
import { renderKickstart } from './kickstart.ts';
import type { MachineSetup } from './machine-setup.ts';

/** The provisioners that there is a snippet for. */
export const snippetFormats = ['cloud-init', 'kickstart', 'ignition'] as const;

/** One of them. */
export type SnippetFormat = (typeof snippetFormats)[number];

const renderers: Readonly<Record<SnippetFormat, (setup: MachineSetup) => Secret>> = {
  'cloud-init': renderCloudInit,
  kickstart: renderKickstart,
  ignition: renderIgnition,
};

/** The setup of a machine as its provisioner reads it. The text has the machine's credential in it. */
export function renderSnippet(format: SnippetFormat, setup: MachineSetup): Secret {
  return renderers[format](setup);
}
