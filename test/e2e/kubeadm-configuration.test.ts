import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { createProgress, systemProgressClock } from '../../deploy/lab/src/progress/index.ts';
import { kubernetesVersion, prepareKubernetes } from '../../deploy/lab/src/supply/index.ts';
import {
  fullKubernetes,
  plainKubernetes,
  renderExample,
} from '../../packages/coordinator/src/testing/kubeadm-examples.ts';

type Document = Readonly<Record<string, unknown>>;

let folder = '';
let kubeadm = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-kubeadm-'));
  const logFile = join(folder, 'log');
  const progress = createProgress({ stream: process.stderr, isTerminal: false, logFile, clock: systemProgressClock() });
  const cacheDirectory = process.env['DROVER_CACHE'] ?? join(homedir(), '.cache/drover');
  const signal = AbortSignal.timeout(20 * 60_000);
  const binaries = await prepareKubernetes({ cacheDirectory, progress, signal, logFile }).finally(() =>
    progress.close(),
  );
  kubeadm = join(binaries, 'kubeadm');
});

after(() => rm(folder, { recursive: true }));

/** What kubeadm makes of documents, and what it says of them. It reads them as it does before an init, and changes nothing. */
async function readByKubeadm(documents: readonly Document[]) {
  const [from, to] = [join(folder, 'given.yaml'), join(folder, 'read.yaml')];
  await writeFile(from, documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  const { stderr } = await execa(kubeadm, ['config', 'migrate', `--old-config=${from}`, `--new-config=${to}`], {
    timeout: 60_000,
  });
  const read = parseAllDocuments(await readFile(to, 'utf8')).map((document) => document.toJS() as Document);
  return { read, unknown: [...stderr.matchAll(/unknown field "(\w+)"/g)].map(([, field]) => field) };
}

const parse = (text: string): readonly Document[] =>
  text.split('\n---\n').map((document) => JSON.parse(document) as Document);

/** Every path at which something was given and is not read. */
function lost(given: unknown, read: unknown, path = ''): readonly string[] {
  if (typeof given !== 'object' || given === null) {
    // kubeadm writes a duration out: 6m is 6m0s.
    const isRead = given === read || (/^\d+[hms]$/.test(String(given)) && String(read).startsWith(String(given)));
    return isRead ? [] : [`${path}: ${String(given)}, not ${String(read)}`];
  }
  const found = (read ?? {}) as Document;
  return Object.entries(given).flatMap(([key, value]) => lost(value, found[key], `${path}/${key}`));
}

/** A JoinConfiguration as the agent completes it from the join credentials. */
function complete(joining: Document): Document {
  const bootstrapToken = {
    token: 'abcdef.0123456789abcdef',
    apiServerEndpoint: 'cluster-endpoint:6443',
    caCertHashes: [`sha256:${'0'.repeat(64)}`],
  };
  const { discovery, controlPlane } = joining as { readonly discovery?: object; readonly controlPlane?: object };
  const key = controlPlane && { controlPlane: { ...controlPlane, certificateKey: '0'.repeat(64) } };
  return { ...joining, ...key, discovery: { ...discovery, bootstrapToken } };
}

suite(`kubeadm ${kubernetesVersion} and what it is told`, () => {
  for (const [name, kubernetes] of [
    ['small', plainKubernetes(kubernetesVersion)],
    ['full', fullKubernetes(kubernetesVersion)],
  ] as const) {
    test(`it reads every value of a ${name} cluster file, and knows every field`, async () => {
      const example = renderExample(kubernetes);
      const init = parse(example.init);
      const { read, unknown } = await readByKubeadm(init);
      assert.deepEqual(unknown, []);
      for (const given of init.slice(0, 2)) {
        const found = read.find(({ kind }) => kind === given['kind']);
        assert.deepEqual(lost(given, found), [], String(given['kind']));
      }
      for (const kind of ['join-worker', 'join-control-plane'] as const) {
        const given = parse(example[kind]).map(complete);
        const joined = await readByKubeadm(given);
        assert.deepEqual(joined.unknown, []);
        assert.deepEqual(lost(given, joined.read), [], kind);
      }
    });
  }

  test('a field of a later format is one that it loses, and says so: the check above can fail', async () => {
    const [init = {}, cluster = {}, kubelet = {}] = parse(renderExample(plainKubernetes(kubernetesVersion)).init);
    const given = [
      { ...init, skipPhases: ['addon'] },
      { ...cluster, encryptionAlgorithm: 'ECDSA-P256' },
      { ...kubelet, maxPodz: 3 },
    ];
    const { read, unknown } = await readByKubeadm(given);
    assert.deepEqual(unknown, ['skipPhases', 'encryptionAlgorithm', 'maxPodz']);
    assert.deepEqual(
      lost(
        given[0],
        read.find(({ kind }) => kind === 'InitConfiguration'),
      ),
      ['/skipPhases/0: addon, not undefined'],
    );
  });

  test('it would pull the images that a cluster file chooses', async () => {
    const path = join(folder, 'images.yaml');
    await writeFile(path, renderExample(fullKubernetes(kubernetesVersion)).init);
    const { stdout } = await execa(kubeadm, ['config', 'images', 'list', `--config=${path}`], { timeout: 60_000 });
    assert.match(stdout, /^registry\.example:5000\/etcd\/etcd:3\.4\.13-0$/m);
    assert.match(stdout, /^registry\.example:5000\/coredns\/coredns:1\.7\.0$/m);
  });
});
