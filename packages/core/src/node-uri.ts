/** Who a node is to everyone who authorises it: a slot and its present incarnation. */
export interface NodeIncarnation {
  readonly nodeId: string;
  readonly incarnation: number;
}

const form = /^drover:\/\/node\/(?<nodeId>[0-9a-f-]{36})\/(?<incarnation>[1-9][0-9]{0,8})$/;

/** The one name in a node's certificate: `drover://node/<nodeId>/<incarnation>`, a URI in its subject alternative name. */
export function formatNodeUri({ nodeId, incarnation }: NodeIncarnation): string {
  return `drover://node/${nodeId}/${incarnation}`;
}

/** The node that a URI names, or undefined when it names none. */
export function parseNodeUri(uri: string): NodeIncarnation | undefined {
  const { nodeId, incarnation } = form.exec(uri)?.groups ?? {};
  return nodeId === undefined ? undefined : { nodeId, incarnation: Number(incarnation) };
}
