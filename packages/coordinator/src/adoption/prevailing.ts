/** What most of the nodes have, and who has something else. */
export interface Prevailing<Value> {
  /** Null where none of them has one. */
  readonly value: Value | null;
  /** As in `worker-2 has 20.10.7`. */
  readonly others: readonly string[];
}

/** The value that most nodes have; of two that are as frequent that of the node which comes first. */
export function prevailing<Value extends string>(
  nodes: readonly { readonly name: string; readonly value: Value | null }[],
): Prevailing<Value> {
  const counts = Map.groupBy(nodes, ({ value }) => value);
  const [winner] = [...counts].filter(([value]) => value !== null).toSorted(([, a], [, b]) => b.length - a.length);
  const value = winner?.[0] ?? null;
  return {
    value,
    others: nodes.filter((node) => node.value !== value).map((node) => `${node.name} has ${node.value ?? 'none'}`),
  };
}

/** The entries that every node has, and who has others beside them. */
export function shared(nodes: readonly { readonly name: string; readonly entries: readonly string[] }[]): {
  readonly entries: readonly string[];
  readonly others: readonly string[];
} {
  const [first, ...rest] = nodes;
  const entries = (first?.entries ?? []).filter((entry) => rest.every((node) => node.entries.includes(entry)));
  return {
    entries,
    others: nodes.flatMap((node) => {
      const own = node.entries.filter((entry) => !entries.includes(entry));
      return own.length === 0 ? [] : [`${node.name} has ${own.join(', ')}`];
    }),
  };
}
