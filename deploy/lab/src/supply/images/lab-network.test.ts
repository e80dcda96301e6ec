import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';

const script = join(import.meta.dirname, 'lab-network.sh');

test('a node gets a CNI configuration for its own CIDR, and a route to each other node that has one', async (t) => {
  const run = await runOnce(t, ['a 10.244.0.0/24 10.0.0.1', 'b 10.244.1.0/24 10.0.0.2', 'c  10.0.0.3'], 'a');
  assert.deepEqual(run.configuration.plugins[0]?.ipam.ranges, [[{ subnet: '10.244.0.0/24' }]]);
  assert.deepEqual(
    run.commands.filter((command) => command.startsWith('ip ')),
    ['ip route replace 10.244.1.0/24 via 10.0.0.2'],
  );
});

test('pods of the node may be forwarded, by rules that are added once', async (t) => {
  const run = await runOnce(t, ['a 10.244.0.0/24 10.0.0.1', 'a 10.244.0.0/24 10.0.0.1'], 'a');
  const added = run.commands.filter((command) => command.includes(' -I '));
  assert.deepEqual(added, [
    'iptables -w -I FORWARD -s 10.244.0.0/24 -j ACCEPT',
    'iptables -w -I FORWARD -d 10.244.0.0/24 -j ACCEPT',
  ]);
});

test('the configuration appears whole, and no other file is left beside it however often the node changes', async (t) => {
  const run = await runOnce(t, ['a 10.244.0.0/24 10.0.0.1', 'a 10.244.0.0/24 10.0.0.1'], 'a');
  assert.deepEqual(run.files, ['10-drover-lab.conflist']);
});

test('an API server that cannot be reached yet is tried again', async (t) => {
  const run = await runOnce(t, ['a 10.244.0.0/24 10.0.0.1'], 'a', { failures: 2 });
  assert.equal(run.commands.filter((command) => command === 'kubectl get node a --output name').length, 3);
  assert.deepEqual(run.files, ['10-drover-lab.conflist']);
});

test('a request to end is heard at once, also in the middle of a watch', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-network-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const watch = `while [ -e '${folder}' ]; do sleep 0.1; done`;
  const kubectl = `#!/bin/sh\ncase "$*" in *--watch*) touch '${folder}/watching'; ${watch} ;; esac\n`;
  writeFileSync(join(folder, 'kubectl'), kubectl, { mode: 0o755 });
  const env = { CNI_DIRECTORY: folder, NODE_NAME: 'a', PATH: `${folder}:/usr/bin:/bin` };
  const running = execa(script, [], { env, reject: false, timeout: 10_000, stdio: 'ignore' });
  while (!existsSync(join(folder, 'watching'))) await setTimeout(10, undefined, { signal: t.signal });
  running.kill('SIGTERM');
  // Had the signal ended it, it would end nothing where this is process 1, which has no default actions.
  const { exitCode, signal } = await running;
  assert.deepEqual({ exitCode, signal }, { exitCode: 0, signal: undefined });
});

interface Run {
  readonly commands: string[];
  readonly files: string[];
  readonly configuration: { plugins: { ipam: { ranges: unknown } }[] };
}

/** Runs the script over one watch. Its commands are fakes that write down how they were called. */
async function runOnce(
  t: { after(work: () => void): void },
  nodes: string[],
  nodeName: string,
  { failures = 0 } = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-network-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'log');
  const fake = (name: string, body: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  fake(
    'kubectl',
    `echo "kubectl $*" >>"${log}"
case "$*" in
*--watch*) cat <<'END'
${nodes.join('\n')}
END
;;
*) [ "$(grep -c '^kubectl' "${log}")" -gt ${failures} ] ;;
esac`,
  );
  fake('ip', `echo "ip $*" >>"${log}"`);
  // A check finds a rule when the same rule was inserted before.
  fake(
    'iptables',
    `case "$2" in
-C) shift 2; grep -qx "iptables -w -I $*" "${log}" 2>/dev/null ;;
*) echo "iptables $*" >>"${log}" ;;
esac`,
  );
  // The pause after a watch ends the script.
  fake('sleep', `if grep -q -e --watch "${log}"; then kill $PPID; fi`);
  const directory = mkdtempSync(join(folder, 'cni-'));
  await execa(script, [], {
    env: { CNI_DIRECTORY: directory, NODE_NAME: nodeName, PATH: `${folder}:/usr/bin:/bin` },
    reject: false,
    timeout: 10_000,
  });
  return {
    commands: readFileSync(log, 'utf8').trim().split('\n'),
    files: readdirSync(directory),
    configuration: JSON.parse(readFileSync(join(directory, '10-drover-lab.conflist'), 'utf8')),
  };
}
