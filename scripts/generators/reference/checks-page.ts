import type { Check, CheckScope, Rule } from '../../../packages/coordinator/src/preflight/check.ts';
import { describeRange } from '../../../packages/coordinator/src/preflight/version-range.ts';

const introduction = `# Preflight checks

Everything that is looked at before a run, and can be looked at again at any time: checks are pure functions of the cluster
file and of the facts that agents gather, and remember nothing. With an error nothing runs. A warning is for a person to
weigh, unless an action is named: then the run itself mends it. Information asks for nothing.

A check reads the facts that are named; where one of them could not be read, or the agent is too old to tell it, the check's
answer is a warning that says so (\`undetermined\`), never silence. A rule without a source is Drover's own.`;

const scopes: Readonly<Record<CheckScope, string>> = {
  node: 'each node by itself',
  'control-plane': 'each control-plane node by itself',
  cluster: 'the cluster as a whole',
};

/** The reference of all checks, made of their descriptors. */
export function checksPage(checks: readonly Check[]): string {
  const sorted = checks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const contents = ['| check | what has to hold |', '| --- | --- |', ...sorted.map(contentsRow)];
  return `${[introduction, '', ...contents, ...sorted.flatMap(section)].join('\n')}\n`;
}

function contentsRow({ id, title }: Check): string {
  return `| [\`${id}\`](#${id}) | ${cell(title)} |`;
}

function section({ id, title, scope, reads, shows, rules, ofSpec }: Check): readonly string[] {
  const facts = reads.length === 0 ? 'no facts' : `the facts ${reads.map((name) => `\`${name}\``).join(', ')}`;
  const early = ofSpec === undefined ? '' : ' Says what it can from the cluster file alone, before there are facts.';
  return [
    '',
    `## ${id}`,
    '',
    `${title}. Looks at ${scopes[scope]}, and reads ${facts}.${early} Evidence: ${lowerFirst(shows)}.`,
    '',
    '| rule | severity | when | Kubernetes | repaired by | otherwise | source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(rules).map(ruleRow),
  ];
}

function ruleRow([name, { severity, when, kubernetes, fixedBy, remedy, source }]: [string, Rule]): string {
  const repair = fixedBy === undefined ? '' : `\`${fixedBy}\``;
  const otherwise = fixedBy === undefined ? cell(remedy) : '';
  const link = source === undefined ? '' : `[${new URL(source).hostname}](${source})`;
  return `| \`${name}\` | ${severity} | ${cell(when)} | ${describeRange(kubernetes)} | ${repair} | ${otherwise} | ${link} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z’]*\b/.test(text) && !/^[A-Z][A-Z]/.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
}
