import type { ComponentArgument } from '../clusters/kubernetes-spec.ts';
import type { KubeadmApiVersion } from './kubeadm-api-version.ts';

/** A configuration document, before it is text. A field that is undefined is not there. */
export type KubeadmDocument = Readonly<Record<string, unknown>>;

/** What kubeadm reads: each document as JSON, separated as YAML documents are. */
export function joinDocuments(documents: readonly KubeadmDocument[]): string {
  return documents.map((document) => JSON.stringify(document, undefined, 2)).join('\n---\n');
}

/**
 * The arguments of a command line. A mapping up to v1beta3, of which the last of a name counts; from v1beta4 on a list, which
 * may name an argument twice. Undefined when there are none.
 */
export function renderArguments(
  apiVersion: KubeadmApiVersion,
  list: readonly ComponentArgument[] | undefined,
): object | undefined {
  if (list === undefined || list.length === 0) return undefined;
  if (apiVersion === 'v1beta4') return list.map(({ name, value }) => ({ name, value }));
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** The mapping without what is undefined; undefined itself when nothing is left, so that it is not there either. */
export function unlessEmpty(content: KubeadmDocument): KubeadmDocument | undefined {
  const entries = Object.entries(content).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The list, or undefined when it has nothing in it. */
export function unlessNone<Item>(list: readonly Item[] | undefined): readonly Item[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
