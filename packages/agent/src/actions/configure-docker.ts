import { isDeepStrictEqual } from 'node:util';
import { type Fault, messageOf } from '@drover/core';
import type { Change, ConfigureDocker } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { createAsk } from '../facts/ask.ts';
import { readDocker } from '../facts/docker.ts';
import { readUnits, type UnitState } from '../facts/units.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { maskForeign } from './docker/mask-foreign.ts';
import { type DaemonConfiguration, mergeDaemonConfiguration } from './docker/merge-daemon-configuration.ts';
import { type FileEdit, makeEdit } from './files/file-edit.ts';
import { unifiedDiff } from './files/unified-diff.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import { changeUnit, restartByHand } from './services/change-unit.ts';
import { editFile } from './shell/write-file.ts';

const path = '/etc/docker/daemon.json';
const unitName = 'docker.service';

/**
 * Docker's configuration file, with every key that others put there, and a Docker that runs by it: it is restarted when it
 * runs by something else, which is also what an agent that ended between writing and restarting left behind. A file that
 * is no JSON object is `file-malformed`, and stays as it is.
 */
export const configureDocker: EnsureAction<'configure-docker'> = {
  kind: 'ensure',
  name: 'configure-docker',
  inspect: async (context, params) => {
    rejectFaults('configure-docker', context.nodeName, dockerFaults(params));
    const { present, wanted, edit } = await readConfiguration(context, params);
    const file = edit === undefined ? [] : [changeOfFile(present, wanted, params)];
    const changes = [...file, ...(await differencesOfRunningDocker(context, wanted))];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    const { edit } = await readConfiguration(context, params);
    if (edit !== undefined) await makeEdit(context.host, edit);
    // Not satisfied, and Docker runs: it runs by something else.
    if ((await readDockerUnit(context))?.active === true) await changeUnit(context, 'restart', unitName);
  },
  byHand: async (context, params) => {
    const { wanted, edit } = await readConfiguration(context, params);
    const masked = new Set(render(maskForeign(wanted, params)).split('\n'));
    const isForeign = (line: string): boolean => !masked.has(line.replace(/\n$/, ''));
    return [...(edit === undefined ? [] : editFile(edit, isForeign)), ...restartByHand(unitName)];
  },
};

async function readConfiguration({ host, nodeName }: InspectContext, params: ConfigureDocker) {
  const [before, status] = await Promise.all([host.readFile(path), host.status(path)]);
  const parsed = parse(before ?? '');
  if (typeof parsed !== 'string') {
    const wanted = mergeDaemonConfiguration(parsed, params);
    // A file that says the same in other spaces keeps them.
    const edit: FileEdit | undefined = isDeepStrictEqual(parsed, wanted)
      ? undefined
      : { path, before, after: render(wanted), mode: status?.mode ?? 0o644 };
    return { present: parsed, wanted, edit };
  }
  throw agentErrors.create('file-malformed', { tried: `merge settings into ${path}`, node: nodeName, reason: parsed });
}

/** The configuration, or what is wrong with it. Docker takes an empty file for an empty object. */
function parse(content: string): DaemonConfiguration | string {
  if (content.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(content);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? { ...parsed } : 'it holds no JSON object';
  } catch (error) {
    return `it is no JSON: ${messageOf(error)}`;
  }
}

function render(configuration: DaemonConfiguration): string {
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

/**
 * The settings that differ. What others keep in the file (a proxy's password, a log driver's token) is not told to anybody:
 * in the diff their texts are masked.
 */
function changeOfFile(present: DaemonConfiguration, wanted: DaemonConfiguration, params: ConfigureDocker): Change {
  const before = new Map(listSettings(present));
  const differing = listSettings(wanted).filter(([name, value]) => !isDeepStrictEqual(before.get(name), value));
  const told = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
  const [from, to] = [maskForeign(present, params), maskForeign(wanted, params)].map(render);
  return {
    subject: `file ${path}`,
    before: differing.map(([name]) => `${name}: ${told(before.get(name))}`).join('\n'),
    after: differing.map(([name, value]) => `${name}: ${told(value)}`).join('\n'),
    diff: unifiedDiff(path, Object.keys(present).length === 0 ? undefined : from, to ?? ''),
  };
}

/** The options of the log driver count one by one. */
function listSettings(configuration: DaemonConfiguration): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(configuration).flatMap(([key, value]) => {
    const hasOptions = key === 'log-opts' && typeof value === 'object' && value !== null;
    return hasOptions ? Object.entries(value).map(([name, option]) => [`${key}.${name}`, option]) : [[key, value]];
  });
}

async function readDockerUnit({ host, signal }: InspectContext): Promise<UnitState | undefined> {
  return (await readUnits(createAsk(host, signal), [unitName])).get(unitName);
}

/** What a running Docker shows of itself: the file may have been changed after it was started. */
async function differencesOfRunningDocker(
  context: InspectContext,
  wanted: DaemonConfiguration,
): Promise<readonly Change[]> {
  const unit = await readDockerUnit(context);
  if (unit?.active !== true) return [];
  const docker = await readDocker(context.host, createAsk(context.host, context.signal), null, unit);
  if (docker.cgroupDriver === null) return [];
  const compared = [
    { subject: 'cgroup driver', before: docker.cgroupDriver, after: cgroupDriverOf(wanted) },
    { subject: 'registry mirrors', ...listDifference(docker.registryMirrors, wanted['registry-mirrors']) },
    { subject: 'insecure registries', ...listDifference(docker.insecureRegistries, wanted['insecure-registries']) },
  ];
  return compared
    .filter(({ before, after }) => after !== undefined && after !== before)
    .map(({ subject, before, after = '' }) => ({ subject: `${subject} of the running Docker`, before, after }));
}

function cgroupDriverOf(configuration: DaemonConfiguration): string | undefined {
  const options = Array.isArray(configuration['exec-opts']) ? configuration['exec-opts'].map(String) : [];
  return options.find((option) => option.startsWith('native.cgroupdriver='))?.split('=')[1];
}

/** Docker shows mirrors with a slash at the end, and networks (10.0.0.0/8) in another place than registries. */
function listDifference(running: readonly string[], wanted: unknown) {
  const trim = (entry: string) => entry.replace(/\/$/, '');
  const shown = new Set(running.map(trim));
  const asked = (Array.isArray(wanted) ? wanted.map(String) : []).filter((entry) => !/^[\d.:a-f]+\/\d+$/.test(entry));
  const isMissing = asked.some((entry) => !shown.has(trim(entry)));
  return { before: running.join(', '), after: isMissing ? asked.join(', ') : undefined };
}

function dockerFaults(params: ConfigureDocker): readonly Fault[] {
  const words = [...params.registryMirrors, ...params.insecureRegistries, ...params.storageOptions];
  return [
    ...faultUnless(
      ['', 'systemd', 'cgroupfs'].includes(params.cgroupDriver),
      'cgroup_driver',
      'is neither systemd nor cgroupfs',
    ),
    ...words.flatMap((word) => faultUnless(isOneLine(word) && word.trim() !== '', 'settings', 'hold an empty entry')),
  ];
}
