import { type Fitting, parseAddress, type ReportFault } from '@drover/core';
import type { NodeSpec } from './cluster-spec.ts';

type FittingNode = Fitting<NodeSpec> | undefined;

/** What has to hold among the nodes of a cluster file; paths begin at the list. */
export function nodeRules(nodes: readonly FittingNode[], report: ReportFault): void {
  controlPlaneRules(nodes, report);
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

function controlPlaneRules(nodes: readonly FittingNode[], report: ReportFault): void {
  // A node whose role could not be read may have been meant to be one.
  if (nodes.length === 0 || nodes.some((node) => node?.role === undefined)) return;
  const indices = nodes.flatMap((node, index) => (node?.role === 'control-plane' ? [index] : []));
  if (indices.length === 0) report([], 'no node has the role control-plane; at least one must');
  const [only] = indices;
  const rejoin = indices.length === 1 && only !== undefined ? nodes[only]?.rejoin : undefined;
  if (only === undefined || rejoin === undefined || rejoin === 'never') return;
  report([only, 'rejoin'], 'the only control-plane node has nothing to join again: it is restored from a backup');
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
