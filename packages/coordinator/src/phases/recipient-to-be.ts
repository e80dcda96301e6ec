/** The recipient of credentials is who holds the node's identity at the moment of minting: the engine fills it in. */
export const recipientToBe = { recipientCertificate: '', recipientNodeId: '', recipientIncarnation: 0 } as const;
