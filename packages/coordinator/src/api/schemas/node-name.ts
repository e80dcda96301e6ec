import { Type } from 'typebox';

/** The name of a node, which may be a new one: of a Node object, and short enough for a hostname. */
export function nodeName(description: string) {
  return Type.String({ description, pattern: '^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$', examples: ['worker-1'] });
}
