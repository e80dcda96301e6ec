import type { Change, ConfigureFirewall } from '@drover/proto';
import { defaultZone, type RichRule, readZone } from '../../facts/firewalld-files.ts';
import type { Command, ReadonlyHost } from '../../host/host.ts';
import { changesOfEdit, type FileEdit, makeEdit } from '../files/file-edit.ts';
import { command, comment } from '../shell/quote.ts';
import { writeFile } from '../shell/write-file.ts';
import type { Firewall } from './firewall.ts';
import { ipsetFile, type OwnSet, ownSets, podZone, podZoneFile } from './firewalld-own.ts';

/**
 * Sets of addresses and a zone for pods are files of Drover's own; in the default zone there is one rich rule for each set,
 * which is known by the set's name. What others have there stays. firewalld is told by one reload, which brings everything
 * that is written down into effect, and drops what somebody has set without --permanent: firewall-cmd(1).
 */
export const firewalld: Firewall = {
  inspect: async ({ host }, params) => {
    const wanted = await lookAt(host, params);
    return [...wanted.files.flatMap((edit) => changesOfEdit(edit)), ...wanted.rules.map(toChange), ...wanted.runtime];
  },
  apply: async ({ host }, params) => {
    const { zone, files, rules, runtime } = await lookAt(host, params);
    for (const edit of files) await makeEdit(host, edit);
    if (files.length + rules.length + runtime.length === 0) return;
    // A rule never names a set that is not there: it would be in the way of the next reload, whoever begins it.
    for (const each of rules) await host.run(firewallCmd(...ruleArguments(each, zone)));
    for (const path of await staleSets(host, params)) await host.removeFile(path);
    await host.run(firewallCmd('--reload'));
  },
  byHand: async ({ host }, params) => {
    const { zone, files, rules } = await lookAt(host, params);
    if (files.length + rules.length === 0) return [comment('firewalld has these rules')];
    const stale = await staleSets(host, params);
    return [
      ...files.flatMap(({ path, after, mode }) => writeFile(path, after, mode)),
      ...rules.map((each) => command('firewall-cmd', ...ruleArguments(each, zone))),
      ...stale.map((path) => command('rm', '-f', path)),
      command('firewall-cmd', '--reload'),
    ];
  },
};

/** A rich rule of the default zone that comes or goes. */
interface RuleEdit {
  readonly rule: string;
  readonly isAdded: boolean;
}

interface Found {
  readonly zone: string;
  readonly files: readonly FileEdit[];
  readonly rules: readonly RuleEdit[];
  /** What is written down and not in effect. */
  readonly runtime: readonly Change[];
}

async function lookAt(host: ReadonlyHost, params: ConfigureFirewall): Promise<Found> {
  const zone = await defaultZone(host);
  const present = (await readZone(host, zone)).rules.flatMap(ownRule);
  const sets = await ownSets(host, params);
  const wanted = sets.map(ruleOf);
  const stale = params.exact ? present.filter((rule) => !wanted.includes(rule)) : [];
  const files = await Promise.all([
    ...sets.map((set) => editOf(host, ipsetFile(set))),
    editOf(host, podZoneFile(params.podCidr)),
  ]);
  const edits = files.filter(({ before, after }) => before !== after);
  const rules = [
    ...wanted.filter((rule) => !present.includes(rule)).map((rule) => ({ rule, isAdded: true })),
    ...stale.map((rule) => ({ rule, isAdded: false })),
  ];
  // Before anything is written down there is nothing to compare with what is in effect.
  const runtime = edits.length + rules.length > 0 ? [] : await runtimeChanges(host, zone, wanted);
  return { zone, files: edits, rules, runtime };
}

async function editOf(host: ReadonlyHost, { path, content }: { readonly path: string; readonly content: string }) {
  return { path, before: await host.readFile(path), after: content, mode: 0o644 };
}

async function runtimeChanges(host: ReadonlyHost, zone: string, wanted: readonly string[]): Promise<readonly Change[]> {
  const rules = (await host.query(firewallCmd(`--zone=${zone}`, '--list-rich-rules'))).stdout.split('\n');
  const zones = (await host.query(firewallCmd('--get-active-zones'))).stdout;
  const missing = wanted.filter((rule) => !rules.some((each) => each.trim() === rule));
  return [
    ...missing.map((rule) => ({ subject: `firewalld now: ${rule}`, before: 'absent', after: 'present' })),
    ...(new RegExp(`^${podZone}\\b`, 'm').test(zones)
      ? []
      : [{ subject: `firewalld now: zone ${podZone}`, before: 'absent', after: 'present' }]),
  ];
}

/** Files of sets that no rule is to name any more. */
async function staleSets(host: ReadonlyHost, params: ConfigureFirewall): Promise<readonly string[]> {
  if (!params.exact) return [];
  const wanted = (await ownSets(host, params)).map((set) => ipsetFile(set).path);
  const names = await host.listDirectory('/etc/firewalld/ipsets');
  const own = names.filter((name) => /^drover-.+\.xml$/.test(name)).map((name) => `/etc/firewalld/ipsets/${name}`);
  return own.filter((path) => !wanted.includes(path));
}

/** In the form that firewall-cmd lists it in. */
function ruleOf({ name, protocol, port }: Pick<OwnSet, 'name' | 'protocol' | 'port'>): string {
  return `rule family="ipv4" source ipset="${name}" port port="${port}" protocol="${protocol}" accept`;
}

function ownRule({ source, port }: RichRule): readonly string[] {
  if (!('ipset' in source) || !source.ipset.startsWith('drover-') || port === undefined) return [];
  const [number = '', protocol = ''] = port.split('/');
  return [ruleOf({ name: source.ipset, protocol, port: Number(number) })];
}

function ruleArguments({ rule, isAdded }: RuleEdit, zone: string): readonly string[] {
  return ['--permanent', `--zone=${zone}`, `--${isAdded ? 'add' : 'remove'}-rich-rule=${rule}`];
}

function toChange({ rule, isAdded }: RuleEdit): Change {
  const subject = `firewalld: ${rule}`;
  return isAdded ? { subject, before: 'absent', after: 'present' } : { subject, before: 'present', after: 'absent' };
}

function firewallCmd(...words: readonly string[]): Command {
  return { argv: ['firewall-cmd', ...words], timeoutMs: 60_000 };
}
