import { Secret } from '@drover/core';
import type { Client } from '../client/client.ts';
import type { TokenCreated } from '../client/resources.ts';
import { createFleetToken, describeFleetToken, type FleetTokenOptions } from './fleet-token.ts';

/** What the machine of a snippet shows for itself. */
export interface SnippetCredential {
  readonly secret: Secret;
  /** What has to be known of it, and what to type; told beside the snippet. */
  readonly note: string;
  /** Makes it worthless: what nobody has got is not to stay valid. */
  takeBack(): Promise<void>;
}

/** A credential of the node's own machine, made for this. */
export async function createMachineCredential(client: Client, node: string): Promise<SnippetCredential> {
  const body = { type: 'application/json', text: JSON.stringify({ node, use: 'machine' }) } as const;
  const { tokenId, token } = (await client.json({ method: 'POST', path: '/tokens', body })) as TokenCreated;
  return {
    secret: new Secret(token),
    note: `machine credential ${tokenId} for ${node}: good until it is taken back\n  drover token delete ${tokenId}\n`,
    takeBack: async () => void (await client.json({ method: 'DELETE', path: `/tokens/${tokenId}` })),
  };
}

/** A token for all machines of an image, made for this. */
export async function createFleetCredential(client: Client, options: FleetTokenOptions): Promise<SnippetCredential> {
  const created = await createFleetToken(client, options);
  return {
    secret: new Secret(created.token),
    note: `${describeFleetToken(created)}  drover fleet delete ${created.tokenId}\n`,
    takeBack: async () => void (await client.json({ method: 'DELETE', path: `/fleet-tokens/${created.tokenId}` })),
  };
}

/** No credential: by the pin a machine knows its coordinator, which knows nothing of the machine. */
export function withoutCredential(pin: string): SnippetCredential {
  return {
    secret: new Secret(pin),
    note: 'there is nothing secret in it, and it lets nobody in: approve each machine\n  drover get claims\n',
    takeBack: () => Promise.resolve(),
  };
}
