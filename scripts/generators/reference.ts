import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AgentConfig } from '../../packages/agent/src/config.ts';
import { agentErrors } from '../../packages/agent/src/errors.ts';
import { cliErrors } from '../../packages/cli/src/errors.ts';
import { ClusterDocument } from '../../packages/coordinator/src/clusters/cluster-spec.ts';
import { CoordinatorConfig } from '../../packages/coordinator/src/config.ts';
import { coordinatorErrors } from '../../packages/coordinator/src/errors.ts';
import { checks } from '../../packages/coordinator/src/preflight/checks/index.ts';
import { createApiFixture } from '../../packages/coordinator/src/testing/api-fixture.ts';
import type { Generator } from './generator.ts';
import { type ApiDocument, apiPage } from './reference/api-page.ts';
import { checksPage } from './reference/checks-page.ts';
import { errorsPage } from './reference/errors-page.ts';
import { schemaTables } from './reference/schema-tables.ts';

const folder = 'docs/reference';
const pages = {
  errors: `${folder}/errors.md`,
  clusterFile: `${folder}/cluster-file.md`,
  configuration: `${folder}/configuration.md`,
  api: `${folder}/api.md`,
  checks: `${folder}/checks.md`,
} as const;

/** The reference pages that say what error tables, schemas and routes say. */
export const referenceGenerator: Generator = {
  name: 'reference',
  outputs: Object.values(pages),
  run: async (repositoryRoot, targetRoot) => {
    const write = async (path: string, text: string): Promise<void> => {
      await mkdir(dirname(join(targetRoot, path)), { recursive: true });
      await writeFile(join(targetRoot, path), text);
    };
    const example = await readFile(join(repositoryRoot, 'deploy', 'examples', 'three-vms.yaml'), 'utf8');
    await write(pages.errors, describeErrors());
    await write(pages.clusterFile, describeClusterFile(example));
    await write(pages.configuration, describeConfiguration());
    await write(pages.api, await describeApi());
    await write(pages.checks, checksPage(checks));
  },
};

function describeErrors(): string {
  return errorsPage([
    {
      title: 'Coordinator',
      introduction: 'Raised by the coordinator, to callers and to agents.',
      table: coordinatorErrors.table,
    },
    {
      title: 'Agent',
      introduction: 'Raised by an agent; they arrive as the problem of a step or a run.',
      table: agentErrors.table,
    },
    { title: 'Client', introduction: 'Raised by `drover` itself.', table: cliErrors.table },
  ]);
}

function describeClusterFile(example: string): string {
  return [
    '# The cluster file',
    '',
    'One YAML (or JSON) document: the cluster as it should be. It is strict: an unknown key is an error, and all errors are',
    'reported at once with line and path. Beyond what the tables say: at least one node is the control plane, names and',
    'addresses of nodes are unique, repository ids exist, `podCidr` and `serviceCidr` do not overlap, and Kubernetes is one',
    'that runs on Docker (1.20 to 1.23). What depends on the machines is found by preflight, in every plan and before every',
    'run.',
    '',
    'Keys that begin with a release of Kubernetes say so, and are refused for an older one. So are feature gates that the',
    'kubeadm of the release does not know, arguments with which its components do not start, and whatever another key says',
    'already. What kubeadm and its components have and no key is for can be patched (`spec.kubernetes.patches`).',
    ...schemaTables(ClusterDocument, 'Its keys'),
    '',
    '## An example',
    '',
    '```yaml',
    example.trimEnd(),
    '```',
    '',
  ].join('\n');
}

function describeConfiguration(): string {
  return [
    '# Configuration files',
    '',
    'YAML, strict: an unknown key is an error, and all errors are reported at once with line and path. Nothing is taken from',
    'the environment.',
    ...schemaTables(CoordinatorConfig, 'The coordinator: `/etc/drover/coordinator.yaml`'),
    ...schemaTables(AgentConfig, 'The agent: `/etc/drover/agent.yaml`'),
    '',
  ].join('\n');
}

/** The document as a running API serves it. */
async function describeApi(): Promise<string> {
  const fixture = await createApiFixture({ names: [] });
  try {
    const answer = await fixture.api.inject('/api/v1/openapi.json');
    return apiPage(answer.json<ApiDocument>());
  } finally {
    await fixture.close();
  }
}
