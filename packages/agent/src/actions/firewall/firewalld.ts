import type { Change, ConfigureFirewall } from '@drover/proto';
import { agentErrors } from '../../errors.ts';
import { defaultZone, type RichRule, readOwnZones, readZone } from '../../facts/firewalld-files.ts';
import type { Command, ReadonlyHost } from '../../host/host.ts';
import type { InspectContext } from '../action.ts';
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
  inspect: async (context, params) => {
    const wanted = await lookAt(context, params);
    return [...wanted.files.flatMap((edit) => changesOfEdit(edit)), ...wanted.rules.map(toChange), ...wanted.runtime];
  },
  apply: async (context, params) => {
    const { host } = context;
    const { zone, files, rules, runtime } = await lookAt(context, params);
    for (const edit of files) await makeEdit(host, edit);
    if (files.length + rules.length + runtime.length === 0) return;
    // A rule never names a set that is not there: it would be in the way of the next reload, whoever begins it.
    for (const each of rules) await host.run(firewallCmd(...ruleArguments(each, zone)));
    for (const path of await staleSets(host, params)) await host.removeFile(path);
    await host.run(firewallCmd('--reload'));
  },
  byHand: async (context, params) => {
    const { zone, files, rules } = await lookAt(context, params);
    if (files.length + rules.length === 0) return [comment('firewalld has these rules')];
    const stale = await staleSets(context.host, params);
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

async function lookAt(context: InspectContext, params: ConfigureFirewall): Promise<Found> {
  const { host } = context;
  const zone = await defaultZone(host);
  const present = (await readZone(host, zone)).rules.flatMap(ownRule);
  const sets = await ownSets(host, params);
  const isTrusted = await isTrustedByOthers(context, params);
  const wanted = sets.map(ruleOf);
  const stale = params.exact ? present.filter((rule) => !wanted.includes(rule)) : [];
  const files = await Promise.all([
    ...sets.map((set) => editOf(host, ipsetFile(set))),
    ...(isTrusted ? [] : [editOf(host, podZoneFile(params.podCidr))]),
  ]);
  const edits = files.filter(({ before, after }) => before !== after);
  const rules = [
    ...wanted.filter((rule) => !present.includes(rule)).map((rule) => ({ rule, isAdded: true })),
    ...stale.map((rule) => ({ rule, isAdded: false })),
  ];
  // Before anything is written down there is nothing to compare with what is in effect.
  const runtime = edits.length + rules.length > 0 ? [] : await runtimeChanges(host, { zone, sets, isTrusted });
  return { zone, files: edits, rules, runtime };
}

async function editOf(host: ReadonlyHost, { path, content }: { readonly path: string; readonly content: string }) {
  return { path, before: await host.readFile(path), after: content, mode: 0o644 };
}

interface InEffect {
  readonly zone: string;
  readonly sets: readonly OwnSet[];
  readonly isTrusted: boolean;
}

async function runtimeChanges(host: ReadonlyHost, { zone, sets, isTrusted }: InEffect): Promise<readonly Change[]> {
  const rules = (await host.query(firewallCmd(`--zone=${zone}`, '--list-rich-rules'))).stdout.split('\n');
  const zones = (await host.query(firewallCmd('--get-active-zones'))).stdout;
  const isThere = (set: OwnSet) => rules.some((each) => each.trim() === ruleOf(set));
  const missing = sets.filter((set) => !isThere(set)).map(ruleOf);
  const entries = await Promise.all(sets.filter(isThere).map((set) => entryChanges(host, set)));
  return [
    ...entries.flat(),
    ...missing.map((rule) => ({ subject: `firewalld now: ${rule}`, before: 'absent', after: 'present' })),
    ...(isTrusted || new RegExp(`^${podZone}\\b`, 'm').test(zones)
      ? []
      : [{ subject: `firewalld now: zone ${podZone}`, before: 'absent', after: 'present' }]),
  ];
}

/** A set that was written down, and whose reload never came. */
async function entryChanges(host: ReadonlyHost, { name, sources }: OwnSet): Promise<readonly Change[]> {
  const { stdout } = await host.query(firewallCmd(`--ipset=${name}`, '--get-entries'));
  const before = stdout
    .split(/\s+/)
    .filter((entry) => entry !== '')
    .toSorted()
    .join(', ');
  const after = sources.join(', ');
  return before === after ? [] : [{ subject: `firewalld now: ipset ${name}`, before, after }];
}

/**
 * A network is in one zone: firewalld refuses to load what puts it in a second (ZONE_CONFLICT). Where a zone of somebody else's
 * has the pods and lets everything pass, that will do; where it does not, it is for its owner to change.
 */
async function isTrustedByOthers({ host, nodeName }: InspectContext, { podCidr }: ConfigureFirewall): Promise<boolean> {
  const zones = [...(await readOwnZones(host))].filter(
    ([name, { sources }]) => name !== podZone && sources.includes(podCidr),
  );
  const [strict] = zones.filter(([, { target }]) => target !== 'ACCEPT');
  if (strict === undefined) return zones.length > 0;
  throw agentErrors.create('setting-overridden', {
    tried: 'have firewalld forward what pods send',
    node: nodeName,
    reason: `the zone ${strict[0]} has ${podCidr}, and does not let everything pass`,
    remedy: `Take it out of there: firewall-cmd --permanent --zone=${strict[0]} --remove-source=${podCidr} && firewall-cmd --reload`,
  });
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
