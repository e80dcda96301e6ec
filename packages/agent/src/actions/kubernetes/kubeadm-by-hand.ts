import { command, comment, quote } from '../shell/quote.ts';
import { feed, writeFile } from '../shell/write-file.ts';
import { formatKubeadmDocuments, type KubeadmDocument } from './kubeadm-documents.ts';
import { etcdWithoutStorage, firstWithout, hasPatchesField, type KubeadmPatches, writesEtcd } from './with-patches.ts';

/** On tmpfs, for root alone. */
const folder = '/run/drover-by-hand';
const configuration = `${folder}/kubeadm.yaml`;
const patchesFolder = `${folder}/patches`;

/** Something secret that a person has to get: by which variable the commands know it, and how it is got. */
export interface Placeholder {
  readonly variable: string;
  /** A clause without quotes or dollars: it stands in a parameter expansion. */
  readonly how: string;
}

/** One run of kubeadm by a person's hand. */
export interface KubeadmByHand {
  readonly args: readonly [string, ...string[]];
  readonly documents: readonly KubeadmDocument[];
  readonly patches: KubeadmPatches;
  /** Their values stand in the documents as `@VARIABLE@`. */
  readonly placeholders?: readonly Placeholder[];
  /** The file that a run which ended well leaves behind: where it is, nothing is done. */
  readonly result: string;
}

/** kubeadm with its configuration in a file for root alone, which is gone afterwards; nothing secret is in any command line. */
export function kubeadmByHand(run: KubeadmByHand): readonly string[] {
  const { args, patches, placeholders = [], result } = run;
  const isPatched = patches.length > 0 || run.documents.some(writesEtcd);
  const documents = run.documents.map((document) =>
    isPatched && hasPatchesField(document) ? { ...document, patches: { directory: patchesFolder } } : document,
  );
  const byFlag = isPatched && !documents.some(hasPatchesField) ? [`--experimental-patches=${patchesFolder}`] : [];
  const program = ['kubeadm', ...args, ...byFlag, `--config=${configuration}`] as const;
  return [
    `if [ ! -e ${quote(result)} ]; then`,
    ...placeholders.map(({ variable, how }) => `: "\${${variable}:?${how}}"`),
    `trap ${quote(command('rm', '-rf', folder))} EXIT`,
    command('install', '-d', '-m', '0700', folder),
    feed(`cat > ${configuration}`, formatKubeadmDocuments(documents)),
    ...fillIn(placeholders),
    ...(isPatched ? patchLines(run) : []),
    command(...program),
    command('rm', '-rf', folder),
    'trap - EXIT',
    'fi',
  ];
}

function fillIn(placeholders: readonly Placeholder[]): readonly string[] {
  if (placeholders.length === 0) return [];
  return [
    `configuration=$(cat ${configuration})`,
    ...placeholders.map(({ variable }) => `configuration=\${configuration//@${variable}@/"$${variable}"}`),
    `printf '%s\\n' "$configuration" > ${configuration}`,
  ];
}

function patchLines({ documents, patches }: KubeadmByHand): readonly string[] {
  const faulty = Object.entries(firstWithout).map(([minor, patch]) => `v1.${minor}.[0-${patch - 1}]`);
  return [
    command('install', '-d', '-m', '0700', patchesFolder),
    ...patches.flatMap(({ name, content }) => writeFile(`${patchesFolder}/${name}`, content, 0o600)),
    ...(documents.some(writesEtcd)
      ? [
          comment('These releases write an etcd that may never start (kubernetes/kubernetes#99305).'),
          `case $(kubeadm version --output=short) in ${faulty.join('|')})`,
          ...writeFile(`${patchesFolder}/${etcdWithoutStorage.name}`, etcdWithoutStorage.content, 0o600),
          ';; esac',
        ]
      : []),
  ];
}

/** How a join's credentials are got, for a node that has none of its own. */
export const joinPlaceholders: readonly Placeholder[] = ['JOIN_ENDPOINT', 'JOIN_TOKEN', 'JOIN_CA_HASH'].map(
  (variable) => ({
    variable,
    how: 'run kubeadm token create --ttl 15m --print-join-command on a control-plane node: it prints the endpoint, --token and --discovery-token-ca-cert-hash',
  }),
);

/** What the uploaded certificates of the control plane are encrypted with. */
export const certificateKeyPlaceholder: Placeholder = {
  variable: 'CERTIFICATE_KEY',
  how: 'run kubeadm init phase upload-certs --upload-certs on a control-plane node: its last line is the key',
};

/** A JoinConfiguration with the credentials' places in it. */
export function withJoinPlaceholders(document: KubeadmDocument): KubeadmDocument {
  const bootstrapToken = {
    token: '@JOIN_TOKEN@',
    apiServerEndpoint: '@JOIN_ENDPOINT@',
    caCertHashes: ['@JOIN_CA_HASH@'],
  };
  const controlPlane =
    document.controlPlane === undefined
      ? {}
      : { controlPlane: { ...document.controlPlane, certificateKey: '@CERTIFICATE_KEY@' } };
  return { ...document, ...controlPlane, discovery: { ...document.discovery, bootstrapToken } };
}
