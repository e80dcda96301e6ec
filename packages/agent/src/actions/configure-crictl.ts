import type { Change } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { EnsureAction } from './action.ts';
import { type FileEdit, makeEdit } from './files/file-edit.ts';
import { keepPrevious } from './keep-previous.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { editFile } from './shell/write-file.ts';

const path = '/etc/crictl.yaml';
const keys = ['runtime-endpoint', 'image-endpoint'] as const;

/**
 * crictl, which people look into a node with, finds the runtime that the kubelet speaks to. Its file has one key per line
 * (https://github.com/kubernetes-sigs/cri-tools/blob/master/docs/crictl.md): every other line stays as it is.
 */
export const configureCrictl: EnsureAction<'configure-crictl'> = {
  kind: 'ensure',
  name: 'configure-crictl',
  inspect: async ({ host, nodeName }, { endpoint }) => {
    const isSocket = /^unix:\/\/\/[\w./-]+$/.test(endpoint);
    rejectFaults('configure-crictl', nodeName, faultUnless(isSocket, 'endpoint', `is no socket: "${endpoint}"`));
    const present = await readText(host);
    const changes = keys.flatMap((key): readonly Change[] => {
      const before = valueOf(present, key);
      return before === endpoint
        ? []
        : [{ subject: `file ${path}, ${key}`, before: before ?? 'absent', after: endpoint }];
    });
    return { satisfied: changes.length === 0, changes };
  },
  apply: async ({ host }, { endpoint }) => {
    const edit = await editOf(host, endpoint);
    await keepPrevious(host, path);
    await makeEdit(host, edit);
  },
  byHand: async ({ host }, { endpoint }) => editFile(await editOf(host, endpoint)),
};

async function editOf(host: ReadonlyHost, endpoint: string): Promise<FileEdit> {
  const [before, status] = await Promise.all([host.readFile(path), host.status(path)]);
  const after = keys.reduce((text, key) => withSetting(text, key, endpoint), before ?? '');
  return { path, before, after, mode: status?.mode ?? 0o644 };
}

async function readText(host: ReadonlyHost): Promise<string> {
  return (await host.readFile(path)) ?? '';
}

function lineOf(key: string): RegExp {
  return new RegExp(`^${key}:[ \\t]*["']?([^"'#\\s]*).*$`, 'm');
}

function valueOf(text: string, key: string): string | undefined {
  return lineOf(key).exec(text)?.[1];
}

function withSetting(text: string, key: string, value: string): string {
  if (valueOf(text, key) === value) return text;
  const line = `${key}: ${value}`;
  if (lineOf(key).test(text)) return text.replace(lineOf(key), line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}
