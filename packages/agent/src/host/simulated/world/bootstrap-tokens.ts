import type { SimulatedCluster } from './cluster.ts';

interface TokenSecret {
  readonly type?: string;
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly stringData?: Readonly<Record<string, string>>;
}

/** The ids of the bootstrap tokens that have not expired: those that the cluster signs cluster-info with. */
export function validTokenIds(cluster: SimulatedCluster, now: number): readonly string[] {
  return validTokens(cluster, now).map((data) => data['token-id'] ?? '');
}

/** Whether the cluster would let somebody join with this token. */
export function isTokenValid(cluster: SimulatedCluster, token: string, now: number): boolean {
  return validTokens(cluster, now).some((data) => `${data['token-id']}.${data['token-secret']}` === token);
}

/** The cluster without the Secrets that carry a label. */
export function withoutLabelled(cluster: SimulatedCluster, label: string, value: string): SimulatedCluster {
  const objects = Object.entries(cluster.objects).filter(
    ([, { kind, text }]) => kind !== 'Secret' || parseSecret(text).metadata.labels?.[label] !== value,
  );
  return { ...cluster, objects: Object.fromEntries(objects) };
}

function validTokens(cluster: SimulatedCluster, now: number): readonly Readonly<Record<string, string>>[] {
  const secrets = Object.values(cluster.objects).filter(({ kind }) => kind === 'Secret');
  return secrets
    .map(({ text }) => parseSecret(text))
    .filter(({ type }) => type === 'bootstrap.kubernetes.io/token')
    .map(({ stringData = {} }) => stringData)
    .filter(({ expiration = '' }) => Date.parse(expiration) > now);
}

/** Secrets come as JSON: Drover makes them so. One that came otherwise is no token. */
function parseSecret(text: string): TokenSecret {
  return text.trim().startsWith('{') ? (JSON.parse(text) as TokenSecret) : { metadata: {} };
}
