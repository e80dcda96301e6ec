import type { FakeProgram } from './fake-host.ts';

/** A member of a fake etcd. */
export interface FakeMember {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly isLearner?: boolean;
}

/** What a fake etcd is like, and what it was asked to remove. */
export interface FakeEtcd {
  members: readonly FakeMember[];
  /** Addresses that answer; `127.0.0.1` is the machine itself. */
  answering: readonly string[];
  ownId: string;
  alarms: readonly string[];
  readonly removed: string[];
  /** Keys that are there. */
  keys: readonly string[];
}

/** curl before a fake etcd's JSON gateway. */
export function etcdProgram(etcd: FakeEtcd): FakeProgram {
  return ({ args, change }) => {
    const url = new URL(args.at(-1) ?? '');
    if (!etcd.answering.includes(url.hostname)) return { status: 7, stderr: `curl: (7) ${url.hostname} refused\n` };
    const body = JSON.parse(args[args.indexOf('--data') + 1] ?? '{}') as { key?: string; ID?: string };
    const needsQuorum = url.pathname !== '/v3/cluster/member/list' && url.pathname !== '/v3/maintenance/status';
    if (needsQuorum && !hasQuorum(etcd)) return { status: 22, stderr: 'curl: (22) returned error: 503\n' };
    const header = { member_id: BigInt(`0x${etcd.ownId}`).toString() };
    if (url.pathname === '/v3/maintenance/status') return JSON.stringify({ header });
    if (url.pathname === '/v3/maintenance/alarm')
      return JSON.stringify({ alarms: etcd.alarms.map((alarm) => ({ memberID: '1', alarm })) });
    if (url.pathname === '/v3/kv/range') {
      const key = Buffer.from(body.key ?? '', 'base64').toString();
      return JSON.stringify({ header, ...(etcd.keys.includes(key) ? { count: '1' } : {}) });
    }
    if (url.pathname === '/v3/cluster/member/remove') {
      change();
      const id = BigInt(body.ID ?? '0').toString(16);
      etcd.removed.push(id);
      etcd.members = etcd.members.filter((member) => member.id !== id);
    }
    return JSON.stringify({ members: etcd.members.map(toMember) });
  };
}

function hasQuorum({ members, answering }: FakeEtcd): boolean {
  const voters = members.filter(({ isLearner }) => isLearner !== true);
  return voters.filter(({ address }) => answering.includes(address)).length * 2 > voters.length;
}

function toMember({ id, name, address, isLearner }: FakeMember): object {
  const urls = { peerURLs: [`https://${address}:2380`], clientURLs: [`https://${address}:2379`] };
  // What is empty or false is left out, as the gateway does.
  return {
    ID: BigInt(`0x${id}`).toString(),
    ...(name === '' ? {} : { name }),
    ...urls,
    ...(isLearner === true ? { isLearner } : {}),
  };
}

/** Three members, all well; the machine is the first. */
export function createFakeEtcd(overrides: Partial<FakeEtcd> = {}): FakeEtcd {
  return {
    members: [
      { id: 'a1', name: 'control-plane-1', address: '10.0.0.1' },
      { id: 'b2', name: 'control-plane-2', address: '10.0.0.2' },
      { id: 'c3', name: 'control-plane-3', address: '10.0.0.3' },
    ],
    answering: ['127.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ownId: 'a1',
    alarms: [],
    removed: [],
    keys: [],
    ...overrides,
  };
}
