import { type Fitting, type ReportFault } from '@drover/core';
import type { NodeSpec } from './cluster-spec.ts';
import { parseAddress } from './ip-network.ts';

type FittingNode = Fitting<NodeSpec> | undefined;

/** What has to hold among the nodes of a cluster file; paths begin at the list. */
export function nodeRules(nodes: readonly FittingNode[], report: ReportFault): void {
  oneControlPlane(nodes, report);
  unique('name', nodes, report);
  unique('address', nodes, report);
  nodes.forEach((node, index) => {
    if (node?.address !== undefined && parseAddress(node.address) === undefined) {
      report([index, 'address'], `${node.address} is no IPv4 address`);
    }
    for (const [key, value] of Object.entries(node?.labels ?? {})) {
      const fault = labelFault(key, value ?? '');
      if (fault !== undefined) report([index, 'labels', key], fault);
    }
    node?.taints?.forEach((taint, position) => {
      const fault = taint?.key === undefined ? undefined : labelFault(taint.key, taint.value ?? '');
      if (fault !== undefined) report([index, 'taints', position], fault);
    });
  });
}

function oneControlPlane(nodes: readonly FittingNode[], report: ReportFault): void {
  const controlPlanes = nodes.flatMap((node, index) => (node?.role === 'control-plane' ? [index] : []));
  // A node whose role could not be read may have been meant to be the one.
  const rolesKnown = nodes.every((node) => node?.role !== undefined);
  if (controlPlanes.length === 0 && nodes.length > 0 && rolesKnown) {
    report([], 'no node has the role control-plane; exactly one must');
  }
  for (const index of controlPlanes.slice(1)) {
    report([index, 'role'], 'a second control-plane node is unsupported: exactly one node can have this role');
  }
}

function unique(key: 'name' | 'address', nodes: readonly FittingNode[], report: ReportFault): void {
  const values = nodes.map((node) => node?.[key]);
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value !== undefined && first < index) report([index, key], `${value} is nodes[${first}]’s already`);
  });
}

const labelName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelPrefix = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Kubernetes’ syntax of labels, which taints share: an optional DNS prefix, a name and a value of at most 63 characters. */
function labelFault(key: string, value: string): string | undefined {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const keyFits = parts.length <= 2 && labelName.test(name ?? '') && (prefix === undefined || labelPrefix.test(prefix));
  if (!keyFits)
    return `${key} is no label key: an optional DNS prefix and a slash, then at most 63 letters, digits, - _ .`;
  if (value !== '' && !labelName.test(value)) return `${value} is no label value: at most 63 letters, digits, - _ .`;
  return undefined;
}
