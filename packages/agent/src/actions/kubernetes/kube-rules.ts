/** The names that kubelet and kube-proxy give to their chains (pkg/proxy/iptables/proxier.go, pkg/kubelet/kubelet_network_linux.go). */
const ownChain = /^KUBE-/;

/**
 * What `iptables-restore --noflush` has to read so that nothing of Kubernetes is left in the tables that `iptables-save`
 * printed: rules that lead into its chains, and the chains themselves. Undefined where there is none.
 */
export function planRulesRemoval(saved: string): string | undefined {
  const tables = saved.split(/^(?=\*)/m).map(planTable);
  const wanted = tables.filter((lines) => lines.length > 0);
  return wanted.length === 0 ? undefined : `${wanted.flat().join('\n')}\n`;
}

/** One table: `*name`, its chains as `:NAME policy`, its rules as `-A CHAIN …`, `COMMIT`. */
function planTable(text: string): readonly string[] {
  const lines = text.split('\n');
  const chains = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).filter((name) => ownChain.test(name));
  if (chains.length === 0) return [];
  const leading = lines.flatMap((line) => {
    const [, chain = '', target = ''] = /^-A (\S+) .*?-[jg] (\S+)/.exec(line) ?? [];
    return ownChain.test(target) && !ownChain.test(chain) ? [line.replace(/^-A/, '-D')] : [];
  });
  const emptied = chains.map((name) => `-F ${name}`);
  return [lines[0] ?? '', ...leading, ...emptied, ...chains.map((name) => `-X ${name}`), 'COMMIT'];
}
