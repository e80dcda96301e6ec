import { parseDocument } from '@drover/core';
import { Type } from 'typebox';
import type { HostFile } from '../hosts/write-host-file.ts';
import { LabError } from '../lab-error.ts';

/** What a new machine is told to do at its first boot. */
export interface UserData {
  readonly files: readonly HostFile[];
  /** Argument lists, after the files and in this order. */
  readonly commands: readonly (readonly string[])[];
}

const strict = { additionalProperties: false } as const;

/** The part of cloud-config that the lab knows. Source: https://docs.cloud-init.io/en/latest/reference/modules.html */
const CloudConfig = Type.Object(
  {
    write_files: Type.Array(
      Type.Object(
        {
          path: Type.String({ pattern: '^/' }),
          owner: Type.Literal('root:root'),
          permissions: Type.String({ pattern: '^0[0-7]{3}$' }),
          content: Type.String(),
        },
        strict,
      ),
      { default: [] },
    ),
    runcmd: Type.Array(Type.Array(Type.String(), { minItems: 1 }), { default: [] }),
  },
  strict,
);

/** Reads a cloud-config. Throws a LabError with every fault, also for what cloud-init knows and the lab does not. */
export function parseUserData(text: string): UserData {
  const remedy = 'The lab knows what `drover enroll snippet --format cloud-init` writes.';
  if (!text.startsWith('#cloud-config\n')) throw new LabError('the user data are no cloud-config', remedy);
  const parsed = parseDocument(text, CloudConfig, { source: 'user data' });
  if (!parsed.ok)
    throw new LabError(parsed.faults.map(({ path, message }) => `user data, ${path}: ${message}`).join('\n'), remedy);
  const files = parsed.value.write_files.map(({ path, permissions, content }) => ({
    path,
    mode: Number.parseInt(permissions, 8),
    content,
  }));
  return { files, commands: parsed.value.runcmd };
}
