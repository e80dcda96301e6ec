import { Secret } from '@drover/core';
import { agentErrors } from '../errors.ts';
import { parseKubeconfig } from '../facts/kubeconfig.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { quote } from './shell/quote.ts';

/**
 * admin.conf as a user's ~/.kube/config: that user's own file, mode 0600. A kubeconfig of another cluster that is there
 * already is refused with `kubeconfig-foreign`.
 */
export const writeKubeconfig: EnsureAction<'write-kubeconfig'> = {
  kind: 'ensure',
  name: 'write-kubeconfig',
  inspect: async (context, { user }) => {
    const path = await findPath(context, user);
    const [admin, present] = await Promise.all([context.host.readFile(adminKubeconfig), context.host.readFile(path)]);
    refuseForeign(context, path, present, admin);
    const isRight = admin !== undefined && present === admin && (await belongsTo(context, path, user));
    if (isRight) return { satisfied: true, changes: [] };
    const before = present === undefined ? 'absent' : 'another content, mode or owner';
    return { satisfied: false, changes: [{ subject: `file ${path}`, before, after: `admin.conf, for ${user} alone` }] };
  },
  apply: async (context, { user }) => {
    const path = await findPath(context, user);
    const admin = await context.host.readFile(adminKubeconfig);
    if (admin === undefined) {
      throw agentErrors.create('cluster-unreachable', {
        tried: `give ${user} a kubeconfig`,
        node: context.nodeName,
        reason: `there is no ${adminKubeconfig} on this node`,
      });
    }
    await writeAsUser(context, user, path, new Secret(admin));
  },
  byHand: (_context, { user }) => [
    `home=$(getent passwd ${quote(user)} | cut -d: -f6)`,
    `runuser -u ${quote(user)} -- install -D -m 0600 /dev/null "$home/.kube/config"`,
    `runuser -u ${quote(user)} -- dd of="$home/.kube/config" status=none < ${adminKubeconfig}`,
  ],
};

/**
 * By the user's own hands: a root process that writes below a home directory could be led elsewhere by a symbolic link.
 * The empty file gets its mode before it gets its content.
 */
async function writeAsUser(context: ApplyContext, user: string, path: string, content: Secret): Promise<void> {
  const options = { timeoutMs: 10_000, signal: context.signal };
  const asUser = ['runuser', '-u', user, '--'] as const;
  await context.host.run({ argv: [...asUser, 'install', '-D', '-m', '0600', '/dev/null', path], ...options });
  await context.host.run({ argv: [...asUser, 'dd', `of=${path}`, 'status=none'], input: content, ...options });
}

/** passwd(5): name, password, uid, gid, comment, home, shell. */
async function findPath(context: InspectContext, user: string): Promise<string> {
  const lines = ((await context.host.readFile('/etc/passwd')) ?? '').split('\n');
  const home = lines.map((line) => line.split(':')).find(([name]) => name === user)?.[5];
  if (home !== undefined && user !== '') return `${home.replace(/\/$/, '')}/.kube/config`;
  throw agentErrors.create('user-unknown', {
    tried: `give ${user} a kubeconfig`,
    node: context.nodeName,
    reason: `/etc/passwd has no user "${user}"`,
  });
}

function refuseForeign(context: InspectContext, path: string, present: string | undefined, admin: string | undefined) {
  if (present === undefined || present.trim() === '') return;
  const server = parseKubeconfig(present)?.server ?? 'an unknown cluster';
  if (admin !== undefined && server === parseKubeconfig(admin)?.server) return;
  throw agentErrors.create('kubeconfig-foreign', {
    tried: `write ${path}`,
    node: context.nodeName,
    reason: `the file there is for ${server}`,
  });
}

async function belongsTo({ host, signal }: InspectContext, path: string, user: string): Promise<boolean> {
  const { stdout } = await host.query({ argv: ['stat', '-c', '%U %a', path], timeoutMs: 5_000, signal });
  return stdout.trim() === `${user} 600`;
}
