import type { Fault } from '@drover/core';
import type { ConfigureRepository } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import { writeFile } from './shell/write-file.ts';

const directory = '/etc/yum.repos.d';

/**
 * One package repository in a file of Drover's own, which holds exactly what is asked for. The same repository in another
 * file is `repository-defined-twice`: package managers take one of the two and do not say which.
 */
export const configureRepository: EnsureAction<'configure-repository'> = {
  kind: 'ensure',
  name: 'configure-repository',
  inspect: async (context, params) => {
    rejectFaults('configure-repository', context.nodeName, repositoryFaults(params));
    await rejectTwin(context, params);
    const changes = changesOfEdit(await editOf(context, params));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => makeEdit(context.host, await editOf(context, params)),
  byHand: async (context, params) => {
    const { path, after, mode } = await editOf(context, params);
    return writeFile(path, after, mode);
  },
};

async function editOf({ host }: InspectContext, params: ConfigureRepository): Promise<FileEdit> {
  const path = pathOf(params);
  return { path, before: await host.readFile(path), after: render(params), mode: 0o644 };
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

function repositoryFaults({ id, name, baseUrl, gpgKeys, exclude }: ConfigureRepository): readonly Fault[] {
  const isUrl = (text: string) => isOneLine(text) && !text.includes(' ') && URL.canParse(text);
  return [
    ...faultUnless(/^[A-Za-z0-9._-]+$/.test(id), 'id', `is no repository id: "${id}"`),
    ...faultUnless(isOneLine(name) && name !== '', 'name', 'is no single line of text'),
    ...faultUnless(isUrl(baseUrl), 'base_url', `is no URL: "${baseUrl}"`),
    ...gpgKeys.flatMap((key, i) => faultUnless(isUrl(key), `gpg_keys[${i}]`, `is no URL: "${key}"`)),
    ...exclude.flatMap((word, i) =>
      faultUnless(/^[\w.+*?[\]-]+$/.test(word), `exclude[${i}]`, `is no name: "${word}"`),
    ),
  ];
}
