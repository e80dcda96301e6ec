import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatPath, parseDocument } from '@drover/core';
import fc, { type Arbitrary } from 'fast-check';
import { kubernetesRules } from '../clusters/kubernetes-rules.ts';
import { Kubernetes, type KubernetesSpec } from '../clusters/kubernetes-spec.ts';
import { supportedMinors } from '../kubernetes/supported-releases.ts';
import { exampleSpec } from '../testing/example-view.ts';
import { renderExample } from '../testing/kubeadm-examples.ts';
import { type KubeadmApiVersion, kubeadmApiVersion } from './kubeadm-api-version.ts';
import { joinDocuments, type KubeadmDocument } from './kubeadm-document.ts';

type Fields = Readonly<Record<string, readonly string[]>>;

/** Fields that every format has, as types.go of v1beta2 has them. */
const early: Fields = {
  InitConfiguration: ['bootstrapTokens', 'localAPIEndpoint', 'nodeRegistration', 'certificateKey'],
  ClusterConfiguration:
    'apiServer certificatesDir clusterName controlPlaneEndpoint controllerManager dns etcd featureGates imageRepository kubernetesVersion networking scheduler'.split(
      ' ',
    ),
  JoinConfiguration: ['caCertPath', 'controlPlane', 'discovery', 'nodeRegistration'],
  nodeRegistration: ['criSocket', 'ignorePreflightErrors', 'kubeletExtraArgs', 'name', 'taints'],
  apiServer: ['certSANs', 'extraArgs', 'extraVolumes', 'timeoutForControlPlane'],
  controllerManager: ['extraArgs', 'extraVolumes'],
  scheduler: ['extraArgs', 'extraVolumes'],
  discovery: ['bootstrapToken', 'file', 'timeout', 'tlsBootstrapToken'],
  dns: ['imageRepository', 'imageTag', 'type'],
  local: ['dataDir', 'extraArgs', 'imageRepository', 'imageTag', 'peerCertSANs', 'serverCertSANs'],
};

/** What each format added, and what it took away. */
const formats: Readonly<Record<KubeadmApiVersion, { readonly added: Fields; readonly removed: Fields }>> = {
  v1beta2: { added: {}, removed: {} },
  v1beta3: {
    added: {
      InitConfiguration: ['patches', 'skipPhases'],
      JoinConfiguration: ['patches', 'skipPhases'],
      nodeRegistration: ['imagePullPolicy'],
    },
    removed: { dns: ['type'] },
  },
  v1beta4: {
    added: {
      InitConfiguration: ['dryRun', 'patches', 'skipPhases', 'timeouts'],
      JoinConfiguration: ['dryRun', 'patches', 'skipPhases', 'timeouts'],
      ClusterConfiguration: [
        'caCertificateValidityPeriod',
        'certificateValidityPeriod',
        'encryptionAlgorithm',
        'proxy',
      ],
      nodeRegistration: ['imagePullPolicy', 'imagePullSerial'],
      apiServer: ['extraEnvs'],
      controllerManager: ['extraEnvs'],
      scheduler: ['extraEnvs'],
      local: ['extraEnvs'],
      dns: ['disabled'],
    },
    removed: { dns: ['type'], apiServer: ['timeoutForControlPlane'], discovery: ['timeout'] },
  },
};

/** The names of fields that a document has and its format does not, wherever they are. */
function foreignFields(format: KubeadmApiVersion, name: string, content: object): readonly string[] {
  const { added, removed } = formats[format];
  const known = [...(early[name] ?? []), ...(added[name] ?? [])].filter((each) => !removed[name]?.includes(each));
  const isChecked = name in early;
  return Object.entries(content).flatMap(([key, value]) => [
    ...(isChecked && !known.includes(key) && key !== 'apiVersion' && key !== 'kind' ? [`${name}.${key}`] : []),
    ...(typeof value === 'object' && value !== null && !Array.isArray(value) ? foreignFields(format, key, value) : []),
  ]);
}

const text = fc.string({ maxLength: 12 });
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const optional = <Value extends object>(fields: { readonly [Key in keyof Value]: Arbitrary<Value[Key]> }) =>
  fc.record(fields, { requiredKeys: [] });
const duration = fc.tuple(fc.nat(90), fc.constantFrom('h', 'm', 's')).map(([count, unit]) => `${count}${unit}`);
const path = name.map((each) => `/var/${each}`);

/** Arguments that are nobody else's; one name once, unless the release takes it more often. */
function argumentsOf(minor: number) {
  const list = fc.array(fc.record({ name: name.map((each) => `x-${each}`), value: text }), { maxLength: 4 });
  return minor >= 31 ? list : list.map((each) => [...new Map(each.map((one) => [one.name, one])).values()]);
}

function componentOf(minor: number) {
  const readOnly = fc.boolean();
  return optional({
    arguments: argumentsOf(minor),
    volumes: fc.array(fc.record({ name, hostPath: path, mountPath: path, readOnly }), { maxLength: 2 }),
    ...(minor < 31 ? {} : { environment: fc.array(fc.record({ name, value: text }), { maxLength: 2 }) }),
  });
}

const image = { imageRepository: name, imageTag: name };

/** What a cluster file may say of Kubernetes of a release. */
function kubernetesOf(minor: number): Arbitrary<KubernetesSpec> {
  return fc.record(
    {
      version: fc.nat(20).map((patch) => `v1.${minor}.${patch}`),
      repository: fc.constant('kubernetes'),
      ignoredPreflightErrors: fc.array(fc.constantFrom('NumCPU', 'Mem', 'all', 'ImagePull'), { maxLength: 3 }),
      skippedPhases: fc.array(fc.constantFrom('addon', 'addon/coredns', 'preflight'), { maxLength: 2 }),
      certificateNames: fc.array(fc.oneof(name, fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
      featureGates: fc.constantFrom({}, { PublicKeysECDSA: true }, { PublicKeysECDSA: false }),
      apiServer: componentOf(minor),
      controllerManager: componentOf(minor),
      scheduler: componentOf(minor),
      etcd: fc.oneof(
        optional({ ...image, arguments: argumentsOf(minor), serverNames: fc.array(name, { maxLength: 2 }) }),
        fc.record({
          external: fc.record({
            endpoints: fc.array(
              name.map((each) => `http://${each}:2379`),
              { minLength: 1, maxLength: 3 },
            ),
          }),
        }),
      ),
      dns: optional(image),
      kubelet: optional({
        arguments: argumentsOf(minor),
        configuration: fc.dictionary(
          name.map((each) => `x${each}`),
          fc.jsonValue(),
          { maxKeys: 3 },
        ),
      }),
      kubeProxy: optional({
        configuration: fc.dictionary(
          name.map((each) => `x${each}`),
          fc.jsonValue(),
          { maxKeys: 3 },
        ),
      }),
      timeouts: optional({
        controlPlane: duration,
        discovery: duration,
        ...(minor < 31 ? {} : { kubelet: duration, apiCalls: duration, etcdCalls: duration, tlsBootstrap: duration }),
      }),
      ...(minor < 22 ? {} : { imagePullPolicy: fc.constantFrom('Always' as const, 'Never' as const) }),
      ...(minor < 31
        ? {}
        : { imagePullSerial: fc.boolean(), certificates: optional({ validity: duration, caValidity: duration }) }),
    },
    { requiredKeys: ['version', 'repository'] },
  );
}

const files = fc
  .integer({ min: supportedMinors.first, max: supportedMinors.last })
  .chain((minor) => kubernetesOf(minor).map((kubernetes) => ({ minor, kubernetes })));

const parse = (documents: string): readonly KubeadmDocument[] =>
  documents.split('\n---\n').map((document) => JSON.parse(document) as KubeadmDocument);

suite('whatever a cluster file says of Kubernetes', () => {
  test('what fits its release is rendered, in the format of that release and with no field of another', () => {
    fc.assert(
      fc.property(files, ({ minor, kubernetes }) => {
        const format = kubeadmApiVersion({ minor });
        for (const documents of Object.values(renderExample(kubernetes))) {
          for (const document of parse(documents)) {
            const kind = String(document['kind']);
            if (!(kind in early)) continue;
            assert.equal(document['apiVersion'], `kubeadm.k8s.io/${format}`);
            assert.deepEqual(foreignFields(format, kind, document), []);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the documents are the same after they were read and written again', () => {
    fc.assert(
      fc.property(files, ({ kubernetes }) => {
        for (const documents of Object.values(renderExample(kubernetes))) {
          assert.equal(joinDocuments(parse(documents)), documents);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('what is generated here are files without a fault', () => {
    fc.assert(
      fc.property(files, ({ kubernetes }) => {
        const parsed = parseDocument(JSON.stringify(kubernetes), Kubernetes, { source: 'generated' });
        assert.deepEqual(parsed.ok ? [] : parsed.faults, []);
        const faults: string[] = [];
        kubernetesRules(exampleSpec({ kubernetes }), (at, message) => faults.push(`${formatPath(at)}: ${message}`));
        assert.deepEqual(faults, []);
      }),
      { numRuns: 100 },
    );
  });

  test('a field of another format would be noticed', () => {
    const document = { nodeRegistration: { imagePullPolicy: 'Always' }, skipPhases: [], timeouts: {} };
    const fields = ['nodeRegistration.imagePullPolicy', 'InitConfiguration.skipPhases', 'InitConfiguration.timeouts'];
    assert.deepEqual(foreignFields('v1beta2', 'InitConfiguration', document), fields);
    assert.deepEqual(foreignFields('v1beta3', 'InitConfiguration', document), fields.slice(2));
    assert.deepEqual(foreignFields('v1beta4', 'InitConfiguration', document), []);
  });
});
