import type { DockerSpec } from '../clusters/runtime-spec.ts';
import type { SurveyedNode } from './cluster-survey.ts';
import { type Prevailing, prevailing, shared } from './prevailing.ts';
import type { ProposalNote, Proposed } from './proposal.ts';

const path = ['spec', 'runtime', 'docker'] as const;

/**
 * Docker as most nodes have it: what only some have in their lists is left out, since what is in the cluster file reaches
 * all. A setting that a node's file does not say is written there by a run, which restarts Docker: it is named.
 */
export function proposeDocker(members: readonly SurveyedNode[], repository: string): Proposed<DockerSpec> {
  const most = <Value extends string>(read: (member: SurveyedNode) => Value | null) =>
    prevailing(members.map((member) => ({ name: member.name, value: read(member) })));
  const common = (read: (member: SurveyedNode) => readonly string[]) =>
    shared(members.map((member) => ({ name: member.name, entries: read(member) })));
  const docker = ({ configuration }: SurveyedNode) => configuration.docker;

  const version = most(({ facts }) => facts.docker.version);
  const cliVersion = most((member) => docker(member).cliVersion);
  const containerdVersion = most(({ facts }) => facts.containerd.version);
  const cgroupDriver = most((member) => cgroupDriverOf(member));
  const logDriver = most((member) => docker(member).logDriver ?? 'json-file');
  const storageDriver = most((member) => member.facts.docker.storageDriver ?? docker(member).storageDriver);
  const registryMirrors = common((member) => docker(member).registryMirrors);
  const insecureRegistries = common((member) => docker(member).insecureRegistries);
  const storageOptions = common((member) => docker(member).storageOptions);
  const logOptions = common((member) => Object.entries(docker(member).logOptions).map((option) => option.join('=')));

  return {
    value: {
      version: version.value,
      ...(cliVersion.value === null || cliVersion.value === version.value ? {} : { cliVersion: cliVersion.value }),
      containerdVersion: containerdVersion.value,
      repository,
      ...list('registryMirrors', registryMirrors.entries),
      ...list('insecureRegistries', insecureRegistries.entries),
      cgroupDriver: cgroupDriver.value,
      logDriver: logDriver.value,
      ...(logOptions.entries.length === 0 ? {} : { logOptions: toRecord(logOptions.entries) }),
      storageDriver: storageDriver.value,
      ...list('storageOptions', storageOptions.entries),
    },
    notes: [
      ...valueNotes('version', version),
      ...(cliVersion.value === null ? [] : valueNotes('cliVersion', cliVersion)),
      ...valueNotes('containerdVersion', containerdVersion),
      ...valueNotes('cgroupDriver', cgroupDriver),
      ...valueNotes('logDriver', logDriver),
      ...valueNotes('storageDriver', storageDriver),
      ...listNotes('registry mirrors', registryMirrors.others),
      ...listNotes('insecure registries', insecureRegistries.others),
      ...listNotes('log options', logOptions.others),
      ...listNotes('storage options', storageOptions.others),
      ...members.flatMap(unsaid),
    ],
  };
}

function cgroupDriverOf({ facts, configuration }: SurveyedNode): 'systemd' | 'cgroupfs' | null {
  const driver = facts.docker.cgroupDriver ?? configuration.docker.cgroupDriver;
  return driver === 'systemd' || driver === 'cgroupfs' ? driver : null;
}

function list<Key extends string>(key: Key, entries: readonly string[]) {
  return (entries.length === 0 ? {} : { [key]: [...entries] }) as { readonly [Name in Key]?: string[] };
}

function toRecord(entries: readonly string[]): Record<string, string> {
  const pairs = entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function valueNotes(key: keyof DockerSpec, { value, others }: Prevailing<string>): readonly ProposalNote[] {
  if (value === null) return [{ path: [...path, key], text: 'none of the nodes says it: fill it in' }];
  return others.map((other) => ({ path: [...path, key], text: `${other}: a run changes that` }));
}

function listNotes(what: string, others: readonly string[]): readonly ProposalNote[] {
  return others.map((other) => ({ path, text: `${what}: ${other}, which not all have; it is left as it is` }));
}

/** What every cluster file says, by its defaults at least, and this node's file does not. */
function unsaid({ name, configuration: { docker } }: SurveyedNode): readonly ProposalNote[] {
  const settings = [
    ['exec-opts native.cgroupdriver', docker.cgroupDriver],
    ['log-driver', docker.logDriver],
    ['storage-driver', docker.storageDriver],
  ] as const;
  const missing = settings.filter(([, value]) => value === null).map(([key]) => key);
  if (missing.length === 0) return [];
  const what = missing.join(', ');
  return [
    { path, text: `${name}: /etc/docker/daemon.json does not say ${what}; a run writes it there and restarts Docker` },
  ];
}
