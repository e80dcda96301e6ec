import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/**
 * Which room may import which. A room is a folder (or a file at a daemon's root, without its extension); the longest
 * match counts, and inside a room everything may import everything. `*` stands for every room of the same package.
 */
export type LayerTable = Readonly<Record<string, readonly string[]>>;

const contract = ['packages/core', 'packages/proto'];
const agent = (...rooms: readonly string[]): string[] => [
  ...inside('packages/agent/src', ['errors', ...rooms]),
  ...contract,
];
const coordinator = (...rooms: readonly string[]): string[] => [
  ...inside('packages/coordinator/src', ['errors', 'config', ...rooms]),
  ...contract,
];

/** The rules of this repository, from the ground up. */
export const layers: LayerTable = {
  'packages/core': [],
  'packages/proto': [],
  'packages/web': [],
  'packages/cli': ['packages/core'],

  'packages/agent/src/errors': contract,
  'packages/agent/src/config': agent(),
  'packages/agent/src/host': agent(),
  'packages/agent/src/facts': agent('host'),
  'packages/agent/src/tpm': agent('host'),
  'packages/agent/src/actions': agent('host', 'facts', 'tpm'),
  'packages/agent/src/operations': agent('host', 'facts', 'tpm', 'actions'),
  'packages/agent/src/enrollment': agent('host', 'facts'),
  'packages/agent/src/units': agent('host', 'facts', 'tpm', 'actions', 'operations', 'enrollment'),
  'packages/agent/src/watch': agent('facts', 'units'),
  'packages/agent/src/session': agent('host', 'facts', 'actions', 'operations', 'enrollment', 'watch'),
  'packages/agent/src/compose': agent('*'),
  'packages/agent/src/compose-unit': agent('*'),
  'packages/agent/src/unit-main': agent('compose-unit'),
  'packages/agent/src/main': agent('compose', 'config'),
  'packages/agent/src/testing': agent('*'),

  'packages/coordinator/src/errors': contract,
  'packages/coordinator/src/config': coordinator(),
  'packages/coordinator/src/store': coordinator(),
  'packages/coordinator/src/metrics': coordinator(),
  'packages/coordinator/src/audit': coordinator('store'),
  'packages/coordinator/src/kubernetes': coordinator(),
  'packages/coordinator/src/clusters': coordinator('store', 'kubernetes'),
  'packages/coordinator/src/inventory': coordinator('store', 'clusters', 'audit'),
  'packages/coordinator/src/identity': coordinator('store', 'inventory', 'audit'),
  'packages/coordinator/src/tpm': coordinator(),
  'packages/coordinator/src/claims': coordinator('store', 'clusters', 'inventory', 'tpm', 'rejoin/rejoin-record'),
  'packages/coordinator/src/enrollment': coordinator(
    'store',
    'clusters',
    'inventory',
    'claims',
    'identity',
    'tpm',
    'lineage',
    'audit',
    'metrics',
  ),
  'packages/coordinator/src/lineage': coordinator('store', 'identity'),
  'packages/coordinator/src/sessions': coordinator(
    'store',
    'inventory',
    'identity',
    'tpm',
    'lineage',
    'audit',
    'metrics',
  ),
  'packages/coordinator/src/plan': coordinator('kubernetes', 'clusters', 'inventory'),
  'packages/coordinator/src/kubeadm': coordinator('kubernetes', 'clusters'),
  'packages/coordinator/src/preflight': coordinator(
    'kubernetes',
    'clusters',
    'inventory',
    'plan',
    'kubeadm',
    'sessions',
  ),
  // The engine runs any plan: it knows no phase, no workflow and no kubeadm.
  'packages/coordinator/src/engine': coordinator(
    'store',
    'lineage',
    'clusters',
    'inventory',
    'plan',
    'sessions',
    'audit',
    'metrics',
  ),
  // A phase is data made from the view: it touches neither store nor session.
  'packages/coordinator/src/phases': coordinator('kubernetes', 'clusters', 'inventory', 'plan', 'kubeadm'),
  'packages/coordinator/src/workflows': coordinator('clusters', 'plan', 'phases'),
  'packages/coordinator/src/grpc': coordinator(
    'store',
    'inventory',
    'identity',
    'enrollment',
    'sessions',
    'audit',
    'metrics',
  ),
  'packages/coordinator/src/reachability': coordinator('store', 'clusters', 'inventory', 'plan', 'sessions'),
  'packages/coordinator/src/runs': coordinator(
    'clusters',
    'inventory',
    'plan',
    'preflight',
    'reachability',
    'sessions',
    'engine',
  ),
  'packages/coordinator/src/drift': coordinator(
    'store',
    'clusters',
    'inventory',
    'sessions',
    'plan',
    'preflight',
    'engine',
    'runs',
    'workflows',
    'rejoin/rejoin-record',
  ),
  // Whoever makes a node new says that it is to rejoin, and no more.
  'packages/coordinator/src/rejoin/rejoin-record': coordinator('store'),
  'packages/coordinator/src/rejoin': coordinator(
    'store',
    'clusters',
    'inventory',
    'sessions',
    'plan',
    'preflight',
    'engine',
    'runs',
    'phases',
    'workflows',
  ),
  // What becomes of nodes that were made members: beside runs, claims and rejoins, which know nothing of it.
  'packages/coordinator/src/members': coordinator(
    'store',
    'clusters',
    'inventory',
    'claims',
    'sessions',
    'engine',
    'workflows',
    'rejoin',
  ),
  // What is there becomes a cluster file: nothing here changes a node.
  'packages/coordinator/src/adoption': coordinator('clusters', 'inventory', 'sessions', 'runs'),
  'packages/coordinator/src/api': coordinator(
    'store',
    'clusters',
    'inventory',
    'identity',
    'lineage',
    'enrollment',
    'sessions',
    'plan',
    'preflight',
    'engine',
    'runs',
    'reachability',
    'audit',
    'claims',
    'rejoin',
    'rejoin/rejoin-record',
    'adoption',
    'drift',
    'metrics',
  ),
  'packages/coordinator/src/compose': coordinator('*'),
  'packages/coordinator/src/main': coordinator('compose', 'version'),
  'packages/coordinator/src/version': [],
  'packages/coordinator/src/testing': coordinator('*'),

  'deploy/rpm': [],
  'deploy/lab': ['packages/core'],
  'deploy/quickstart': ['packages', 'deploy/lab', 'deploy/rpm'],
  test: ['packages', 'deploy', 'scripts', 'bench'],
  bench: ['packages', 'deploy'],
  scripts: ['packages', 'deploy/rpm'],
};

/** Names every import that goes against the table, and every file that is in no room of it. */
export function layerFaults(files: readonly SourceFile[], table: LayerTable): string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path, table);
    if (room === undefined) return [`${file.path}: in no room of the layer table`];
    // A test may use what stands beside its room, but no other package than its room may.
    const allowed = isTest(file.path) ? [...(table[room] ?? []), packageOf(room)] : (table[room] ?? []);
    return file.imports.flatMap((specifier) => {
      const target = resolveImport(file.path, specifier);
      if (target === undefined || isWithin(target, room) || allowed.some((each) => isWithin(target, each))) return [];
      return [`${file.path}: imports ${specifier}; ${room} may not import ${roomOf(target, table) ?? target}`];
    });
  });
}

function inside(folder: string, rooms: readonly string[]): string[] {
  return rooms.map((room) => (room === '*' ? folder : `${folder}/${room}`));
}

function roomOf(path: string, table: LayerTable): string | undefined {
  return Object.keys(table)
    .filter((room) => isWithin(path, room))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** The path an import leads to, for one of our modules; undefined for data and for other people's packages. */
function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.endsWith('.json')) return undefined;
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [, name, rest = ''] = /^@drover\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const folder = ['lab', 'quickstart', 'rpm'].includes(name) ? 'deploy' : 'packages';
  return `${folder}/${name}${rest === '' ? '' : `/src${rest}`}`;
}

function isWithin(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`) || path === `${room}.ts` || path === `${room}.test.ts`;
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function packageOf(room: string): string {
  return room.split('/').slice(0, 2).join('/');
}
