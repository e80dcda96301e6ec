import { readFile } from 'node:fs/promises';
import { describeFaults, parseDocument } from '@drover/core';
import { clusterRules } from '../clusters/cluster-rules.ts';
import { ClusterDocument } from '../clusters/cluster-spec.ts';

/** The cluster files that the repository ships. */
export type ExampleName = 'ha-lab' | 'ha-lab-haproxy' | 'lab' | 'simulated' | 'ten-workers' | 'three-vms';

/** The text of a shipped cluster file as a client sends it: with a manifest in the place of its file's name. */
export async function exampleText(name: ExampleName = 'lab'): Promise<string> {
  const path = new URL(`../../../../deploy/examples/${name}.yaml`, import.meta.url);
  return (await readFile(path, 'utf8')).replace(/manifestFile: .*/, 'manifest: "kind: List"');
}

/** A shipped cluster file, parsed. */
export async function exampleCluster(name: ExampleName = 'lab'): Promise<ClusterDocument> {
  const parsed = parseCluster(await exampleText(name), `${name}.yaml`);
  if (!parsed.ok) throw new Error(describeFaults(parsed.source, parsed.faults).join('\n'));
  return parsed.value;
}

/** Reads a cluster file as the API does: schema and rules together. */
export function parseCluster(text: string, source: string) {
  return parseDocument(text, ClusterDocument, { source, rules: clusterRules });
}
