import type { Fault } from '@drover/core';
import type { AptRepository, Change, ConfigureRepository } from '@drover/proto';
import type { EnsureAction, InspectContext } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { keepPrevious, previousOf } from './keep-previous.ts';
import { faultUnless, isOneLine, rejectFaults } from './parameter-faults.ts';
import {
  type AptParams,
  applyAptRepository,
  aptRepositoryByHand,
  inspectAptRepository,
} from './repositories/configure-apt-repository.ts';
import { twinEdits, yumDirectory } from './repositories/yum-twins.ts';
import { editFile, writeFile } from './shell/write-file.ts';

/**
 * One package repository in files of Drover's own, which hold exactly what is asked for. For dnf and yum a section of the
 * same id in another file gives way, and the file is kept beside it. For apt the same repository in another file is
 * `repository-defined-twice`: apt would stop altogether.
 */
export const configureRepository: EnsureAction<'configure-repository'> = {
  kind: 'ensure',
  name: 'configure-repository',
  inspect: async (context, params) => {
    rejectFaults('configure-repository', context.nodeName, repositoryFaults(params));
    if (isForApt(params)) return await inspectAptRepository(context, params);
    const own = await ownEdit(context, params);
    const twins = await twinEdits(context.host, params.id, own.path);
    const changes = [...changesOfEdit(own), ...twins.flatMap((edit) => changesOfEdit(edit, toldOfTwin(params, edit)))];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    if (isForApt(params)) {
      await applyAptRepository(context, params);
      return;
    }
    const own = await ownEdit(context, params);
    await makeEdit(context.host, own);
    for (const edit of await twinEdits(context.host, params.id, own.path)) {
      await keepPrevious(context.host, edit.path);
      await makeEdit(context.host, edit);
    }
  },
  byHand: async (context, params) => {
    if (isForApt(params)) return aptRepositoryByHand(params);
    const { path, after, mode } = await ownEdit(context, params);
    const twins = await twinEdits(context.host, params.id, path);
    return [...writeFile(path, after, mode), ...twins.flatMap((edit) => editFile(edit))];
  },
};

function isForApt(params: ConfigureRepository): params is AptParams {
  return params.apt !== null && params.apt !== undefined;
}

/** In words: there may be passwords in a file of others. */
function toldOfTwin({ id }: ConfigureRepository, { path }: FileEdit): Pick<Change, 'before' | 'after'> {
  return { before: `has a section [${id}]`, after: `has none, and is kept as ${previousOf(path)}` };
}

async function ownEdit({ host }: InspectContext, params: ConfigureRepository): Promise<FileEdit> {
  const path = pathOf(params);
  return { path, before: await host.readFile(path), after: render(params), mode: 0o644 };
}

function pathOf({ id }: ConfigureRepository): string {
  return `${yumDirectory}/drover-${id}.repo`;
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
