// Original file: proto/drover/v1/actions.proto

export const PeerProtocol = {
  PEER_PROTOCOL_UNSPECIFIED: 'PEER_PROTOCOL_UNSPECIFIED',
  TCP: 'TCP',
  UDP: 'UDP',
} as const;

export type PeerProtocol =
  | 'PEER_PROTOCOL_UNSPECIFIED'
  | 0
  | 'TCP'
  | 1
  | 'UDP'
  | 2

export type PeerProtocol__Output = typeof PeerProtocol[keyof typeof PeerProtocol]
