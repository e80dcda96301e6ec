import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseDocument } from '@drover/core';
import { clusterRules } from '../clusters/cluster-rules.ts';
import { ClusterDocument } from '../clusters/cluster-spec.ts';
import {
  exampleKubeadm,
  exampleMember,
  exampleObject,
  exampleSurvey,
  type MemberChanges,
  memberFacts,
} from '../testing/example-survey.ts';
import type { ClusterSurvey } from './cluster-survey.ts';
import { proposeCluster } from './propose-cluster.ts';

const controlPlane = (index: number): MemberChanges => ({ name: `master-${index}`, index, controlPlane: true });
const masters = [0, 1, 2].map(controlPlane);
const tainted = { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }], labels: { disk: 'ssd' } };

/** Three control-plane nodes, each of which reaches itself under the endpoint's name, and a worker of its own kind. */
const highlyAvailable = exampleSurvey({
  members: [
    ...masters.map((each) =>
      exampleMember({
        ...each,
        configuration: { hosts: [{ address: `10.0.0.${11 + each.index}`, names: ['api.example'] }] },
      }),
    ),
    exampleMember({ name: 'worker', index: 3 }),
  ],
  objects: [...masters.map((each) => exampleObject(each)), exampleObject({ name: 'worker', index: 3 }, tainted)],
});

/** As little as there can be: no endpoint, no pod subnet, no repository, a bare daemon.json, and a node without an agent. */
const bare = {
  cliVersion: null,
  insecureRegistries: [],
  cgroupDriver: null,
  logDriver: null,
  logOptions: {},
  storageDriver: null,
};
const alone = { name: 'master', index: 0, controlPlane: true };
const apiServer = 'https://10.0.0.11:6443';
const withoutRecords: ClusterSurvey = exampleSurvey({
  members: [
    exampleMember({
      ...alone,
      facts: { membership: { ...memberFacts(alone).membership, apiServer } },
      docker: bare,
      configuration: {
        repositories: [],
        hosts: [],
        withheld: ['a registry mirror: there is a password in its address'],
      },
    }),
  ],
  kubeadm: {
    ...exampleKubeadm,
    controlPlaneEndpoint: null,
    podSubnet: null,
    imageRepository: 'registry.example/k8s',
    missingPhases: ['addon/coredns'],
  },
  objects: [exampleObject(alone), exampleObject({ name: 'other', index: 1, controlPlane: true })],
});

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'golden', `${name}.json`), 'utf8'));

const reviewed: readonly (readonly [string, ClusterSurvey])[] = [
  ['hand-made', exampleSurvey()],
  ['highly-available', highlyAvailable],
  ['without-records', withoutRecords],
];

/** The faults of a proposal as a cluster file, by path. */
function faultsOf(survey: ClusterSurvey): readonly string[] {
  const { document } = proposeCluster('old', survey);
  const read = parseDocument(JSON.stringify(document), ClusterDocument, { source: 'proposal', rules: clusterRules });
  return read.ok ? [] : read.faults.map(({ path }) => path);
}

suite('the proposal of a cluster file', () => {
  for (const [name, survey] of reviewed) {
    test(`of the cluster ${name} is as reviewed`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(proposeCluster('old', survey))), golden(name));
    });
  }

  test('is a cluster file, but for what is null in it', () => {
    assert.deepEqual(faultsOf(exampleSurvey()), []);
    assert.deepEqual(faultsOf(highlyAvailable), []);
    assert.deepEqual(faultsOf(withoutRecords), [
      'spec.networking.podCidr',
      'spec.repositories[0]',
      'spec.repositories[0].baseUrl',
      'spec.repositories[1]',
      'spec.repositories[1].baseUrl',
    ]);
  });

  test('has a note on each value that is null', () => {
    const { notes } = proposeCluster('old', withoutRecords);
    const noted = notes.map(({ path }) => path.join('.'));
    for (const path of ['spec.networking.podCidr', 'spec.repositories.0.baseUrl', 'spec.repositories.1.baseUrl'])
      assert.ok(noted.includes(path), path);
  });

  test('has an id for each repository that no file of the nodes has, since package managers take one of two', () => {
    const own = { file: '/etc/yum.repos.d/drover-kubernetes.repo' };
    const [docker, kubernetes] = exampleMember({ name: 'master', index: 0 }).configuration.repositories;
    assert.ok(docker && kubernetes);
    const idsWith = (repositories: (typeof docker)[]) => {
      const member = exampleMember({ name: 'master', index: 0, controlPlane: true, configuration: { repositories } });
      return proposeCluster('old', exampleSurvey({ members: [member] })).document.spec.repositories.map(({ id }) => id);
    };
    assert.deepEqual(idsWith([docker, kubernetes]), ['docker-ce-stable-drover', 'kubernetes-drover']);
    assert.deepEqual(idsWith([docker, { ...kubernetes, ...own }]), ['docker-ce-stable-drover', 'kubernetes']);
  });

  test('says who differs, and takes from lists what all nodes have', () => {
    const registries = ['registry.example:5000', 'other.example:5000'];
    const facts = memberFacts({ name: 'worker', index: 1 });
    const older = { ...facts, docker: { ...facts.docker, version: '20.10.7' } };
    const members = [
      exampleMember({ name: 'master', index: 0, controlPlane: true }),
      exampleMember({ name: 'worker', index: 1, docker: { insecureRegistries: registries }, facts: older }),
    ];
    const { document, notes } = proposeCluster('old', exampleSurvey({ members }));
    const { docker } = document.spec.runtime;
    assert.deepEqual([docker?.version, docker?.insecureRegistries], ['20.10.24', ['registry.example:5000']]);
    const texts = notes.filter(({ path }) => path.includes('docker')).map(({ text }) => text);
    assert.deepEqual(texts, [
      'worker has 20.10.7: a run changes that',
      'insecure registries: worker has other.example:5000, which not all have; it is left as it is',
    ]);
  });
});
