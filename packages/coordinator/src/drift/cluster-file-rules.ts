import { type Fitting, type ReportFault, suggestName } from '@drover/core';
import { clusterRules } from '../clusters/cluster-rules.ts';
import type { ClusterDocument } from '../clusters/cluster-spec.ts';
import { checks } from '../preflight/checks/index.ts';
import { repairableChecks } from '../workflows/repair-node.ts';

/** What has to hold in a cluster file beyond its schema, its names of checks among it. */
export function clusterFileRules(document: Fitting<ClusterDocument>, report: ReportFault): void {
  clusterRules(document, report);
  const known = checks.map(({ id }) => id);
  for (const [id, policy] of Object.entries(document.spec?.drift?.checks ?? {})) {
    const path = ['spec', 'drift', 'checks', id];
    if (!known.includes(id)) {
      const suggestion = suggestName(id, known);
      report(path, `there is no check ${id}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`);
    } else if (policy === 'repair' && !repairableChecks.has(id)) {
      report(path, `no action mends what ${id} finds: report or off`);
    }
  }
}
