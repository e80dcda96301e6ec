import { hasEnded, type RunRecord, type StepRecord } from '@drover/coordinator/simulation';
import type { Operator } from './operator.ts';
import type { Site } from './site.ts';

/** What must hold at the end of every simulation. What must hold at each moment is observed where it happens. */
export async function checkEnd(site: Site, operator: Operator): Promise<void> {
  await checkRuns(site, operator);
  await checkRecords(site);
  await checkSecrets(site);
}

async function checkRuns(site: Site, operator: Operator): Promise<void> {
  const { observer } = site;
  const runs = await site.runs();
  for (const { runId, state, problem } of runs) {
    if (!hasEnded({ state })) observer.violate('I8', `run ${runId} is ${state} 120 s after the last fault`);
    if ((state === 'failed' || state === 'blocked') && problem?.code === undefined)
      observer.violate('I8', `run ${runId} is ${state} without a code`);
    if (problem?.code === 'internal')
      observer.violate('I8', `run ${runId} met what nobody expected: ${problem.reason}`);
  }
  if (operator.startedRuns.size === 0)
    observer.violate('I8', 'no run could be started within 120 s after the last fault');
  await checkAnswers(site, operator, runs);
  if (runs.some(({ state }) => state === 'succeeded')) checkMembers(site);
}

/** What people were told is so. */
async function checkAnswers(site: Site, operator: Operator, runs: readonly RunRecord[]): Promise<void> {
  const { observer, document } = site;
  const known = new Set(runs.map(({ runId }) => runId));
  for (const runId of operator.startedRuns)
    if (!known.has(runId)) observer.violate('I7', `run ${runId} was answered and is not there`);
  if (operator.hasApplied && (await site.store.store.get(`clusters/${document.metadata.name}`)) === undefined)
    observer.violate('I7', 'the cluster file was answered and is not there');
}

function checkMembers(site: Site): void {
  const members = Object.keys(site.world.cluster()?.nodes ?? {});
  for (const { name } of site.nodes)
    if (!members.includes(name)) site.observer.violate('I7', `a run has succeeded, and ${name} is no member`);
}

/** What people read of a run: every event once, every line once, in order. */
async function checkRecords(site: Site): Promise<void> {
  const { observer } = site;
  const { store } = site.store;
  for (const { runId } of await site.runs()) {
    const events = (await store.list(`events/${runId}/`)).map(({ value }) => (value as { sequence: number }).sequence);
    if (events.some((sequence, index) => sequence !== index + 1))
      observer.violate('I7', `the events of run ${runId} have gaps: ${events.join(',')}`);
    const succeeded = (await store.list(`steps/${runId}/`))
      .map(({ value }) => value as StepRecord)
      .filter(({ state }) => state === 'succeeded');
    for (const { stepId, attempts, operationId = '' } of succeeded) {
      const prefix = `logs/${runId}/${stepId}/${attempts}/`;
      const lines = (await store.list(prefix)).map(({ key }) => Number(key.slice(prefix.length)));
      if (lines.some((sequence, index) => sequence !== index + 1))
        observer.violate('I7', `the lines of ${stepId} have gaps: ${lines.join(',')}`);
      const printed = site.nodes.map(({ units }) => units.lines(operationId)).find((count) => count !== undefined);
      if (printed !== undefined && printed !== lines.length && !site.isStoreCopied)
        observer.violate('I7', `${lines.length} of the ${printed} lines of ${stepId} are there`);
    }
  }
}

/** Bootstrap tokens are nowhere but in the cluster itself, and where a unit works with them. */
async function checkSecrets(site: Site): Promise<void> {
  const places = new Map<string, string>();
  places.set('the store', JSON.stringify(await site.store.store.list('')));
  places.set('the trace', site.observer.trace.join('\n'));
  for (const node of site.nodes) {
    places.set(`the journal of ${node.name}`, [...node.journal.files.values()].join('\n'));
    places.set(`the spools of ${node.name}`, node.units.spools);
    if (node.units.running.length > 0) continue;
    for (const [path, content] of node.storage.contents()) places.set(`${node.name}:${path}`, content);
  }
  for (const secret of site.secrets)
    for (const [place, content] of places)
      if (content.includes(secret)) site.observer.violate('I4', `a bootstrap token is in ${place}`);
}
