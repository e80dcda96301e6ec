import type { Fault } from '@drover/core';
import type { AptRepository, ConfigureRepository } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import { type AptParams, applyAptRepository, inspectAptRepository } from './repositories/configure-apt-repository.ts';

const directory = '/etc/yum.repos.d';

/**
 * One package repository in files of Drover's own, which hold exactly what is asked for. The same repository in another
 * file is `repository-defined-twice`: dnf and yum take one of the two and do not say which, and apt stops altogether.
 */
export const configureRepository: EnsureAction<'configure-repository'> = {
  kind: 'ensure',
  name: 'configure-repository',
  inspect: async (context, params) => {
    rejectFaults('configure-repository', context.nodeName, repositoryFaults(params));
    if (isForApt(params)) return await inspectAptRepository(context, params);
    await rejectTwin(context, params);
    const path = pathOf(params);
    const before = await context.host.readFile(path);
    const after = render(params);
    if (before === after) return { satisfied: true, changes: [] };
    return { satisfied: false, changes: [{ subject: `file ${path}`, before: before ?? 'absent', after }] };
  },
  apply: async (context, params) => {
    if (isForApt(params)) await applyAptRepository(context, params);
    else await context.host.writeFile(pathOf(params), render(params), { mode: 0o644 });
  },
};

function isForApt(params: ConfigureRepository): params is AptParams {
  return params.apt !== null && params.apt !== undefined;
}

function pathOf({ id }: ConfigureRepository): string {
  return `${directory}/drover-${id}.repo`;
}

/** dnf.conf(5), yum.conf(5): the options that both know. */
function render({ id, name, baseUrl, gpgCheck, gpgKeys, exclude }: ConfigureRepository): string {
  const lines = [
    '# Written by Drover; its next run undoes changes made here.',
    `[${id}]`,
    `name=${name}`,
    `baseurl=${baseUrl}`,
    'enabled=1',
    `gpgcheck=${gpgCheck ? 1 : 0}`,
    ...(gpgKeys.length === 0 ? [] : [`gpgkey=${gpgKeys.join(' ')}`]),
    ...(exclude.length === 0 ? [] : [`exclude=${exclude.join(' ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

async function rejectTwin({ host, nodeName }: InspectContext, params: ConfigureRepository): Promise<void> {
  const names = (await host.listDirectory(directory)).filter((name) => name.endsWith('.repo'));
  const paths = names.map((name) => `${directory}/${name}`).filter((path) => path !== pathOf(params));
  for (const path of paths) {
    const lines = ((await host.readFile(path)) ?? '').split('\n').map((line) => line.trim());
    if (!lines.includes(`[${params.id}]`)) continue;
    throw agentErrors.create('repository-defined-twice', {
      tried: `configure the repository ${params.id}`,
      node: nodeName,
      reason: `${path} has a section [${params.id}] too`,
    });
  }
}

function repositoryFaults(params: ConfigureRepository): readonly Fault[] {
  const { id, name, exclude } = params;
  return [
    ...faultUnless(/^[A-Za-z0-9._-]+$/.test(id), 'id', `is no repository id: "${id}"`),
    ...faultUnless(isOneLine(name) && name !== '', 'name', 'is no single line of text'),
    ...exclude.flatMap((word, i) =>
      faultUnless(/^[\w.+*?[\]-]+$/.test(word), `exclude[${i}]`, `is no name: "${word}"`),
    ),
    ...(isForApt(params) ? aptFaults(params.apt) : yumFaults(params)),
  ];
}

function yumFaults({ baseUrl, gpgKeys }: ConfigureRepository): readonly Fault[] {
  return [
    ...faultUnless(isUrl(baseUrl), 'base_url', `is no URL: "${baseUrl}"`),
    ...gpgKeys.flatMap((key, i) => faultUnless(isUrl(key), `gpg_keys[${i}]`, `is no URL: "${key}"`)),
  ];
}

function aptFaults({ url, suite, components, checkSignatures, key, keySha256 }: AptRepository): readonly Fault[] {
  const isWord = (text: string) => /^[A-Za-z0-9._~+/:-]+$/.test(text);
  return [
    ...faultUnless(isUrl(url), 'apt.url', `is no URL: "${url}"`),
    ...faultUnless(isWord(suite), 'apt.suite', `is no suite: "${suite}"`),
    ...faultUnless(
      suite.endsWith('/') === (components.length === 0),
      'apt.components',
      'are there with a suite that is no path, and only then',
    ),
    ...components.flatMap((word, i) => faultUnless(isWord(word), `apt.components[${i}]`, `is no component: "${word}"`)),
    ...faultUnless(!checkSignatures || isUrl(key), 'apt.key', `is no URL: "${key}"`),
    ...faultUnless(/^([0-9a-fA-F]{64})?$/.test(keySha256), 'apt.key_sha256', 'is not 64 hexadecimal digits'),
  ];
}

function isUrl(text: string): boolean {
  return isOneLine(text) && !text.includes(' ') && URL.canParse(text);
}
