import type { Fault } from '@drover/core';
import type { ActionParams, Change } from '@drover/proto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { EnsureAction, InspectContext } from './action.ts';
import { unifiedDiff } from './files/unified-diff.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';
import { writeFile } from './shell/write-file.ts';

type Params = ActionParams<'serve-endpoint'>;

/** Where the kubelet looks for static pods (cmd/kubeadm/app/constants, ManifestsSubDirName). */
const manifestFolder = '/etc/kubernetes/manifests';
const filesFolder = '/etc/kubernetes/drover-endpoint';
/** Whose the manifests are among those of kubeadm. */
const prefix = 'drover-endpoint-';

interface WantedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/**
 * Static pods that serve the endpoint of the control plane. The files that they mount are written before them, so that
 * none starts without; a pod's manifest changes with its files, and the kubelet starts it anew.
 */
export const serveEndpoint: EnsureAction<'serve-endpoint'> = {
  kind: 'ensure',
  name: 'serve-endpoint',
  inspect: async (context, params) => {
    rejectFaults('serve-endpoint', context.nodeName, findFaults(params));
    const { differing, obsolete } = await compare(context, params);
    const changes = [
      ...differing.map(
        ({ path, before, content }): Change => ({
          subject: `file ${path}`,
          before: before ?? 'absent',
          after: content,
          diff: unifiedDiff(path, before, content),
        }),
      ),
      ...obsolete.map((path): Change => ({ subject: `file ${path}`, before: 'present', after: 'absent' })),
    ];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    const { differing, obsolete } = await compare(context, params);
    for (const { path, content, mode } of differing) await context.host.writeFile(path, content, { mode });
    for (const path of obsolete) await context.host.removeFile(path);
  },
  byHand: async (context, params) => [
    ...wantedFiles(params).flatMap(({ path, content, mode }) => writeFile(path, content, mode)),
    ...(await compare(context, params)).obsolete.map((path) => command('rm', '-f', path)),
  ],
};

async function compare({ host }: InspectContext, params: Params) {
  const wanted = wantedFiles(params);
  const found = await Promise.all(
    wanted.map(async (file) => {
      const [content, status] = [await host.readFile(file.path), await host.status(file.path)];
      return { ...file, before: content, isRight: content === file.content && status?.mode === file.mode };
    }),
  );
  const owned = [
    ...(await host.listDirectory(filesFolder)).map((name) => `${filesFolder}/${name}`),
    ...(await host.listDirectory(manifestFolder))
      .filter((name) => name.startsWith(prefix))
      .map((name) => `${manifestFolder}/${name}`),
  ];
  return {
    differing: found.filter(({ isRight }) => !isRight),
    obsolete: owned.filter((path) => wanted.every((file) => file.path !== path)),
  };
}

/** In the order of writing. */
function wantedFiles({ pods, files }: Params): readonly WantedFile[] {
  return [
    ...files.map(({ name, content, executable }) => ({
      path: `${filesFolder}/${name}`,
      content,
      mode: executable ? 0o755 : 0o644,
    })),
    ...pods.map(({ name, manifest }) => ({
      path: `${manifestFolder}/${prefix}${name}.yaml`,
      content: manifest,
      mode: 0o600,
    })),
  ];
}

const StaticPod = Type.Object({
  kind: Type.Literal('Pod'),
  metadata: Type.Object({ name: Type.String(), namespace: Type.Literal('kube-system') }),
  spec: Type.Object({ hostNetwork: Type.Literal(true) }),
});

const fileName = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

function findFaults({ pods, files }: Params): readonly Fault[] {
  return [
    ...pods.flatMap(({ name, manifest }, index) => [
      ...faultUnless(fileName.test(name), `pods[${index}].name`, `is no name of a file: "${name}"`),
      ...faultUnless(
        isStaticPod(manifest),
        `pods[${index}].manifest`,
        'is no Pod of kube-system on the host’s network',
      ),
    ]),
    ...files.flatMap(({ name }, index) =>
      faultUnless(fileName.test(name), `files[${index}].name`, `is no name of a file: "${name}"`),
    ),
  ];
}

function isStaticPod(manifest: string): boolean {
  try {
    return Value.Check(StaticPod, JSON.parse(manifest));
  } catch {
    return false;
  }
}
