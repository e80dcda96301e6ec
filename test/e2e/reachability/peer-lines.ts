import type { ActionCall } from '@drover/proto';

/** What a peer agent is told. */
export type PeerLine =
  | { readonly kind: 'call'; readonly operationId: string; readonly call: ActionCall; readonly timeoutMs: number }
  | { readonly kind: 'cancel'; readonly operationId: string };

/** What it says. */
export type PeerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waiting'; readonly operationId: string }
  | { readonly kind: 'answer'; readonly operationId: string; readonly json: string }
  | { readonly kind: 'failure'; readonly operationId: string; readonly reason: string };

/** A line as it is sent: bytes become base64. */
export function formatLine(line: PeerLine): string {
  return JSON.stringify(line, (_key, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
    return isBytes && 'data' in value ? { base64: Buffer.from(value.data as number[]).toString('base64') } : value;
  });
}

/** The line that was sent. */
export function parseLine(text: string): PeerLine {
  return JSON.parse(text, (_key, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'base64' in value;
    return isBytes ? Buffer.from(String(value.base64), 'base64') : value;
  }) as PeerLine;
}
