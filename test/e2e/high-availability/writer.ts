import { findHost, writeHostFile } from '@drover/lab';
import { lab, onHost } from '../quick-start.ts';
import { asEtcdClient, askEtcd } from './etcd.ts';

/** What etcd has acknowledged to a writer. */
export interface Written {
  /** In the order of their writing. */
  readonly acknowledged: readonly string[];
  /** Between two acknowledgements. */
  readonly longestGapMs: number;
}

/** Has a control-plane node write one key after another, and note each that was acknowledged with its time. */
export async function startWriter(node: string): Promise<void> {
  const content = `#!/bin/sh
i=0
while :; do
  i=$((i + 1))
  key=$(printf 'e2e-writer/%08d' "$i" | base64 --wrap=0)
  ${asEtcdClient} --data "{\\"key\\":\\"$key\\",\\"value\\":\\"$key\\"}" https://127.0.0.1:2379/v3/kv/put >/dev/null 2>&1 &&
    printf '%08d %s\\n' "$i" "$(date +%s%3N)" >>/var/tmp/acknowledged
  sleep 0.05
done
`;
  await writeHostFile(lab, await findHost(lab, node), { path: '/var/tmp/writer', content, mode: 0o755 });
  await onHost(node, 'systemd-run', '--unit=writer', '/var/tmp/writer');
}

/** Ends it, and tells what it noted. */
export async function stopWriter(node: string): Promise<Written> {
  await onHost(node, 'systemctl', 'stop', 'writer');
  const lines = (await onHost(node, 'cat', '/var/tmp/acknowledged')).trim().split('\n');
  const times = lines.map((line) => Number(line.split(' ')[1]));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return { acknowledged: lines.map((line) => line.split(' ')[0] ?? ''), longestGapMs: Math.max(0, ...gaps) };
}

/** What the writer wrote and a control-plane node's own member has. */
export async function writtenKeys(node: string): Promise<ReadonlySet<string>> {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const range = { key: encoded('e2e-writer/'), range_end: encoded('e2e-writer0'), keys_only: true };
  const { kvs = [] } = await askEtcd<{ readonly kvs?: readonly { readonly key: string }[] }>(node, 'kv/range', range);
  return new Set(kvs.map(({ key }) => Buffer.from(key, 'base64').toString().slice('e2e-writer/'.length)));
}
