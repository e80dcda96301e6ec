import type { Fault } from '@drover/core';
import type { Change, ConfigureSysctl } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';
import { writeFile } from './shell/write-file.ts';
import { findOverrides, type SysctlOverride } from './sysctl/find-overrides.ts';
import { normalizeValue, sysctlPath } from './sysctl/sysctl-keys.ts';

/** Files are read in the order of their names, and the last value counts: this one comes after 99-sysctl.conf. */
const fileName = '99-zz-drover.conf';
const path = `/etc/sysctl.d/${fileName}`;

/**
 * Kernel parameters in effect now (/proc/sys) and after a reboot (sysctl.d). A file of another's that would win over ours
 * at boot is `setting-overridden` before anything is changed.
 */
export const configureSysctl: EnsureAction<'configure-sysctl'> = {
  kind: 'ensure',
  name: 'configure-sysctl',
  inspect: async (context, params) => {
    rejectFaults('configure-sysctl', context.nodeName, Object.entries(params.values).flatMap(valueFaults));
    const runtime = await differingNow(context, params);
    const overrides = await findOverrides(context.host, fileName, params.values);
    const file = changesOfEdit(await editOf(context, params));
    const changes = [...runtime, ...file, ...overrides.map(toChange(params))];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    rejectOverrides(context, await findOverrides(context.host, fileName, params.values));
    await makeEdit(context.host, await editOf(context, params));
    const assignments = (await differingNow(context, params)).map(({ key, after }) => `${key}=${after}`);
    if (assignments.length > 0) {
      await context.host.run({ argv: ['sysctl', '-w', ...assignments], timeoutMs: 30_000 });
    }
  },
  byHand: async (context, params) => [
    ...writeFile(path, render(params), (await editOf(context, params)).mode),
    command('sysctl', '-w', ...Object.entries(params.values).map(([key, value]) => `${key}=${normalizeValue(value)}`)),
  ],
};

type RuntimeChange = Change & { readonly key: string };

async function differingNow({ host }: InspectContext, { values }: ConfigureSysctl): Promise<readonly RuntimeChange[]> {
  const states = await Promise.all(
    Object.entries(values).map(async ([key, value]) => {
      const current = await host.readFile(sysctlPath(key) ?? '');
      const before = current === undefined ? 'absent' : normalizeValue(current);
      return { key, subject: `kernel parameter ${key}`, before, after: normalizeValue(value) };
    }),
  );
  return states.filter(({ before, after }) => before !== after);
}

async function editOf({ host }: InspectContext, params: ConfigureSysctl): Promise<FileEdit> {
  return { path, before: await host.readFile(path), after: render(params), mode: 0o644 };
}

function render({ values }: ConfigureSysctl): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${normalizeValue(value)}`);
  const sorted = lines.toSorted((a, b) => (a < b ? -1 : 1));
  return `# Written by Drover; its next run undoes changes made here.\n${sorted.join('\n')}\n`;
}

function valueFaults([key, value]: [string, string]): readonly Fault[] {
  return [
    ...faultUnless(sysctlPath(key) !== undefined, 'values', `has a key that is no kernel parameter: "${key}"`),
    ...faultUnless(isOneLine(value) && value.trim() !== '', `values[${key}]`, 'is no single line of text'),
  ];
}

function toChange({ values }: ConfigureSysctl) {
  return ({ key, path: file, line, value }: SysctlOverride): Change => ({
    subject: `file ${file}, line ${line}`,
    before: `${key} = ${value}`,
    after: `${key} = ${values[key] ?? ''}`,
  });
}

function rejectOverrides({ nodeName }: InspectContext, overrides: readonly SysctlOverride[]): void {
  if (overrides.length === 0) return;
  const lines = overrides.map(({ key, path: file, line, value }) => `${file}:${line} sets ${key} to ${value}`);
  throw agentErrors.create('setting-overridden', {
    tried: 'make kernel parameters last',
    node: nodeName,
    reason: `${lines.join('; ')} after ${path} is read`,
    evidence: lines,
  });
}
