import { type FaultyDocument, type ParsedDocument, parseDocument } from '@drover/core';
import { clusterRules } from './cluster-rules.ts';
import { ClusterDocument } from './cluster-spec.ts';

/** Reads a cluster file, YAML or JSON: schema and rules together, every fault at its line. Never throws. */
export function parseCluster(text: string, source: string): ParsedDocument<ClusterDocument> | FaultyDocument {
  return parseDocument(text, ClusterDocument, { source, rules: clusterRules });
}
