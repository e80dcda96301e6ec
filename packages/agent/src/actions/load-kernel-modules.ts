import type { Change, LoadKernelModules } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { EnsureAction } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';
import { writeFile } from './shell/write-file.ts';

const path = '/etc/modules-load.d/drover.conf';

/** Kernel modules in effect now, and named in modules-load.d for the next boot. */
export const loadKernelModules: EnsureAction<'load-kernel-modules'> = {
  kind: 'ensure',
  name: 'load-kernel-modules',
  inspect: async ({ host, nodeName }, params) => {
    const faults = params.modules.flatMap((name, i) =>
      faultUnless(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name), `modules[${i}]`, `is no module name: "${name}"`),
    );
    rejectFaults('load-kernel-modules', nodeName, faults);
    const missing = await findMissing(host, params.modules);
    const changes: Change[] = [
      ...missing.map((name) => ({ subject: `kernel module ${name}`, before: 'not in effect', after: 'loaded' })),
      ...changesOfEdit(await editOf(host, params)),
    ];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async ({ host }, params) => {
    await makeEdit(host, await editOf(host, params));
    for (const name of await findMissing(host, params.modules)) {
      await host.run({ argv: ['modprobe', '--', name], timeoutMs: 60_000 });
    }
  },
  byHand: async ({ host }, params) => [
    ...writeFile(path, render(params), (await editOf(host, params)).mode),
    ...params.modules.map((name) => command('modprobe', '--', name)),
  ],
};

async function editOf(host: ReadonlyHost, params: LoadKernelModules): Promise<FileEdit> {
  return { path, before: await host.readFile(path), after: render(params), mode: 0o644 };
}

function render({ modules }: LoadKernelModules): string {
  return `# Written by Drover; its next run undoes changes made here.\n${modules.join('\n')}\n`;
}

async function findMissing(host: ReadonlyHost, modules: readonly string[]): Promise<readonly string[]> {
  const states = await Promise.all(modules.map(async (name) => ({ name, inEffect: await isInEffect(host, name) })));
  return states.filter(({ inEffect }) => !inEffect).map(({ name }) => name);
}

/** By what a module makes possible where that is known: one that is built in is in no list of modules. */
async function isInEffect(host: ReadonlyHost, module: string): Promise<boolean> {
  const name = module.replaceAll('-', '_');
  switch (name) {
    case 'br_netfilter':
      return (await host.status('/proc/sys/net/bridge/bridge-nf-call-iptables')) !== undefined;
    case 'overlay':
      return /^nodev\s+overlay$/m.test((await host.readFile('/proc/filesystems')) ?? '');
    default:
      return (await isListed(host, '/proc/modules', name)) || (await isBuiltIn(host, name));
  }
}

async function isListed(host: ReadonlyHost, file: string, name: string): Promise<boolean> {
  const lines = ((await host.readFile(file)) ?? '').split('\n');
  return lines.some((line) => line.split(' ')[0] === name);
}

async function isBuiltIn(host: ReadonlyHost, name: string): Promise<boolean> {
  const release = ((await host.readFile('/proc/sys/kernel/osrelease')) ?? '').trim();
  const paths = ((await host.readFile(`/lib/modules/${release}/modules.builtin`)) ?? '').split('\n');
  return paths.some((builtIn) => /([^/]+)\.ko$/.exec(builtIn)?.[1]?.replaceAll('-', '_') === name);
}
