import { notPlayed, type Program, type ProgramCall } from '../program.ts';
import type { SimulatedCluster, SimulatedMember } from '../world/cluster.ts';

/** "Failed to connect to host" (curl(1)). */
const unreachable = 7;
/** "HTTP page not retrieved": an answer of 400 or above with `--fail`. */
const refused = 22;

/** curl(1) for the API server's health and for etcd's JSON gateway: what Drover asks there. */
export const curl: Program = async (call) => {
  await call.work(10);
  const cluster = call.machine.world.cluster();
  const url = new URL(call.args.at(-1) ?? '');
  if (url.pathname === '/readyz') return cluster === null ? unreachable : 0;
  if (url.port !== '2379') return notPlayed(call, 'curl');
  const address = url.hostname === '127.0.0.1' ? call.machine.settings.address : url.hostname;
  const members = cluster?.etcdMembers ?? [];
  const asked = members.find((member) => member.address === address && member.isDown === undefined);
  if (cluster === null || asked === undefined) {
    call.complain(`curl: (7) Failed to connect to ${url.host}: Connection refused`);
    return unreachable;
  }
  return answer(call, { cluster, members, asked, path: url.pathname });
};

interface Question {
  readonly cluster: SimulatedCluster;
  readonly members: readonly SimulatedMember[];
  readonly asked: SimulatedMember;
  readonly path: string;
}

function answer(call: ProgramCall, { cluster, members, asked, path }: Question): number {
  const body = JSON.parse(call.args[call.args.indexOf('--data') + 1] ?? '{}') as { key?: string; ID?: string };
  const print = (document: object): number => {
    const header = { member_id: asked.id, revision: String(cluster.revision) };
    call.print(JSON.stringify({ header, ...document }));
    return 0;
  };
  if (path === '/v3/maintenance/status') return print({});
  if (path === '/v3/maintenance/alarm') return print({});
  if (path === '/v3/cluster/member/list') return print({ members: members.map(toMember) });
  if (!hasQuorum(members)) {
    call.complain('curl: (22) The requested URL returned error: 503');
    return refused;
  }
  if (path === '/v3/kv/range') return print(countKey(cluster, body.key ?? ''));
  if (path !== '/v3/cluster/member/remove') return notPlayed(call, 'curl');
  const left = members.filter(({ id }) => id !== body.ID);
  call.machine.world.change((present) => ({
    cluster: present && { ...present, etcdMembers: left },
    answer: undefined,
  }));
  return print({ members: left.map(toMember) });
}

function hasQuorum(members: readonly SimulatedMember[]): boolean {
  const voters = members.filter(({ isLearner }) => isLearner === undefined);
  return voters.filter(({ isDown }) => isDown === undefined).length > voters.length / 2;
}

/** Only the keys of objects that are there by their kind's small letters and plural. */
function countKey(cluster: SimulatedCluster, key: string): object {
  const [, , kind = '', namespace, name] = Buffer.from(key, 'base64').toString().split('/');
  const isThere = cluster.objects[`${kind.replace(/s$/, '')}/${namespace}/${name}`] !== undefined;
  return isThere ? { count: '1' } : {};
}

function toMember({ id, name, address, isLearner }: SimulatedMember): object {
  const urls = { peerURLs: [`https://${address}:2380`], clientURLs: [`https://${address}:2379`] };
  return { ID: id, name, ...urls, ...(isLearner === undefined ? {} : { isLearner }) };
}
