import type { Fault } from '@drover/core';
import {
  type Change,
  type ConfigureContainerd,
  ownedLine,
  registriesPath,
  registryFileNames,
  registryFiles,
} from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { ReadonlyHost } from '../host/host.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { findOverride } from './containerd/find-override.ts';
import { mergeContainerdConfiguration } from './containerd/merge-containerd-configuration.ts';
import { keepPrevious } from './keep-previous.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import { changeUnit, restartByHand } from './services/change-unit.ts';
import { isUnitActive } from './services/is-unit-active.ts';
import { restartMark } from './services/restart-mark.ts';
import { command } from './shell/quote.ts';
import { editFile, writeFile } from './shell/write-file.ts';
import { readToml, tomlValue } from './toml/edit-toml.ts';

const path = '/etc/containerd/config.toml';
const unitName = 'containerd.service';

const mark = restartMark(unitName);

/**
 * containerd's configuration, with every comment and key that others put there, its files about registries, and a containerd
 * that runs by them. A configuration that cannot be read or edited is `file-malformed`, one that an imported file overrides
 * is `setting-overridden`; both stay as they are.
 */
export const configureContainerd: EnsureAction<'configure-containerd'> = {
  kind: 'ensure',
  name: 'configure-containerd',
  inspect: async (context, params) => {
    rejectFaults('configure-containerd', context.nodeName, containerdFaults(params));
    const { changes } = await planConfiguration(context, params);
    const files = await planRegistryFiles(context.host, params);
    const isBehind = (await mark.read(context)) !== undefined && (await isUnitActive(context, unitName));
    const all = [
      ...changes,
      ...files.map(({ path: file, before, after }) => ({
        subject: `file ${file}`,
        before: before === undefined ? 'absent' : 'another content',
        after: after === undefined ? 'absent' : 'present',
      })),
      ...(isBehind
        ? [{ subject: 'the running containerd', before: 'an earlier configuration', after: `that of ${path}` }]
        : []),
    ];
    return { satisfied: all.length === 0, changes: all };
  },
  apply: async (context, params) => {
    const { host } = context;
    for (const { path: file, after } of await planRegistryFiles(host, params)) {
      await keepPrevious(host, file, ownedLine);
      await (after === undefined ? host.removeFile(file) : host.writeFile(file, after, { mode: 0o644 }));
    }
    const { present, wanted } = await planConfiguration(context, params);
    if (present !== wanted) {
      await mark.write(context, {});
      await keepPrevious(host, path);
      await host.writeFile(path, wanted, { mode: (await host.status(path))?.mode ?? 0o644 });
    }
    if ((await mark.read(context)) === undefined) return;
    if (await isUnitActive(context, unitName)) await changeUnit(context, 'restart', unitName);
    await mark.remove(context);
  },
  byHand: async (context, params) => {
    const { host } = context;
    const { present, wanted } = await planConfiguration(context, params);
    const status = await host.status(path);
    const before = status === undefined ? undefined : present;
    const edited = editFile({ path, before, after: wanted, mode: status?.mode ?? 0o644 });
    const files = await planRegistryFiles(host, params);
    return [
      ...files.flatMap(({ path: file, after }) =>
        after === undefined ? [command('rm', '-f', file)] : writeFile(file, after, 0o644),
      ),
      ...edited,
      ...restartByHand(unitName),
    ];
  },
};

async function planConfiguration(context: InspectContext, params: ConfigureContainerd) {
  const { host, nodeName: node } = context;
  const present = (await host.readFile(path)) ?? '';
  const merged = mergeContainerdConfiguration(present, params);
  const tried = `merge settings into ${path}`;
  if ('fault' in merged) throw agentErrors.create('file-malformed', { tried, node, reason: merged.fault });
  const before = readToml(present);
  const changes = merged.edits.flatMap(({ path: keys, value }): readonly Change[] => {
    const old = 'content' in before ? tomlValue(before.content, keys) : undefined;
    const [was, becomes] = [old === undefined ? 'absent' : JSON.stringify(old), JSON.stringify(value)];
    return was === becomes ? [] : [{ subject: `file ${path}, ${keys.join('.')}`, before: was, after: becomes }];
  });
  const override = await findOverride(host, merged.text, params);
  if (override !== undefined) throw agentErrors.create('setting-overridden', { tried, node, reason: override });
  return { present, wanted: merged.text, changes };
}

interface RegistryFile {
  readonly path: string;
  readonly before: string | undefined;
  /** Undefined for a file of an earlier cluster file's. */
  readonly after: string | undefined;
}

/** The files that are to be written or to go: those that carry our line, and that nobody wants any more. */
async function planRegistryFiles(host: ReadonlyHost, params: ConfigureContainerd): Promise<readonly RegistryFile[]> {
  const wanted = registryFiles(params.registries);
  const folders = await host.listDirectory(registriesPath);
  const names = folders.flatMap((folder) => registryFileNames.map((name) => `${folder}/${name}`));
  const paths = new Set([...wanted.keys(), ...names.map((name) => `${registriesPath}/${name}`)]);
  const files = await Promise.all(
    [...paths].map(async (file) => ({ path: file, before: await host.readFile(file), after: wanted.get(file) })),
  );
  return files.filter(
    ({ before, after }) => before !== after && (after !== undefined || before?.startsWith(ownedLine)),
  );
}

function containerdFaults(params: ConfigureContainerd): readonly Fault[] {
  const { configVersion, cgroupDriver, sandboxImage, registries } = params;
  return [
    ...faultUnless(configVersion === 2 || configVersion === 3, 'config_version', 'is neither 2 nor 3'),
    ...faultUnless(['systemd', 'cgroupfs'].includes(cgroupDriver), 'cgroup_driver', 'is neither systemd nor cgroupfs'),
    ...faultUnless(isOneLine(sandboxImage), 'sandbox_image', 'is no image reference'),
    ...registries.flatMap(({ host, mirrors }, i) => [
      ...faultUnless(
        /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?$/.test(host),
        `registries[${i}].host`,
        `is no registry: "${host}"`,
      ),
      ...mirrors.flatMap((mirror) =>
        faultUnless(/^https?:\/\/[^\s"\\]+$/.test(mirror), `registries[${i}].mirrors`, `have no URL: "${mirror}"`),
      ),
    ]),
  ];
}
