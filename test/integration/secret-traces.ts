import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SimulatedLab } from './simulated-lab.ts';

/** Of a lab: what only the simulated cluster and the holder of a token may know. */
export interface KnownSecrets {
  /** `id.secret`, as kubeadm takes it. */
  readonly bootstrapTokens: readonly string[];
  /** The secret parts of enrolment tokens. */
  readonly enrollmentSecrets: readonly string[];
}

/** The bootstrap tokens that the simulated cluster has now. A node's is replaced when another is made for it. */
export function bootstrapTokens(lab: SimulatedLab): readonly string[] {
  const objects = Object.values(lab.world.cluster()?.objects ?? {});
  return objects.flatMap(({ kind, text }) => {
    if (kind !== 'Secret') return [];
    const { type, stringData = {} } = JSON.parse(text) as { type?: string; stringData?: Record<string, string> };
    return type === 'bootstrap.kubernetes.io/token' ? [`${stringData['token-id']}.${stringData['token-secret']}`] : [];
  });
}

/** The secret part of `drv1.<id>.<secret>.<ca-spki>`. */
export function enrollmentSecret(token: string): string {
  return token.trim().split('.')[2] ?? '';
}

/** Where secrets may be: the world plays etcd, and a token file is where its owner put the token. */
const ownPlaces = /^world\/|\/enrollment-token$/;

/**
 * Each file of a lab in which one of the secrets is, in the clear, in base64 or in hex: the coordinator's data, every
 * log, the agents' state, journals and runtime folders, the machines' files, the command lines that were run on them.
 */
export async function secretTraces(lab: SimulatedLab, secrets: KnownSecrets): Promise<readonly string[]> {
  const needles = [...secrets.bootstrapTokens.map((token) => token.split('.')[1] ?? ''), ...secrets.enrollmentSecrets];
  const forms = needles.flatMap(encodings);
  const entries = await readdir(lab.directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    paths.map(async (path) => {
      const place = relative(lab.directory, path);
      if (ownPlaces.test(place)) return [];
      const content = await readIfThere(path);
      return forms.some((form) => content.includes(form)) ? [place] : [];
    }),
  );
  return found.flat().toSorted();
}

/** Daemons go on while they are searched: a temporary file may have got its name in between. */
async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Base64 in all three alignments, without the characters at the ends that depend on what stands beside. */
export function encodings(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + secret).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, Buffer.from(secret).toString('hex'), ...base64];
}
