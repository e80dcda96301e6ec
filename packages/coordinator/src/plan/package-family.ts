import type { Facts } from '@drover/proto';
import type { ClusterView } from './cluster-view.ts';

/** The families of systems that packages come in two forms for. */
export type PackageFamily = 'yum' | 'apt';

/** By the machine's package manager; undefined where it has none that Drover drives. */
export function packageFamily({ packageManager }: Facts['os']): PackageFamily | undefined {
  if (packageManager === 'apt') return 'apt';
  return packageManager === null ? undefined : 'yum';
}

/** The family of a node of the view; that of dnf and yum where nothing is known. */
export function familyOf({ nodes }: ClusterView, name: string): PackageFamily {
  const node = nodes.find(({ spec }) => spec.name === name);
  return (node && packageFamily(node.facts.os)) ?? 'yum';
}
