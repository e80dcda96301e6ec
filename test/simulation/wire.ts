import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import { loadContract } from '@drover/proto/contract';
import type { Wire } from './network.ts';

/** Frames as they come out of the contract's own encoding: with its defaults, and nothing that it has no field for. */
export function createWire(): Wire<AgentFrame, CoordinatorFrame> {
  const { Connect } = loadContract().Session.service;
  return {
    toListener: (frame) => Connect.requestDeserialize(Connect.requestSerialize(frame)),
    toCaller: (frame) => Connect.responseDeserialize(Connect.responseSerialize(frame)),
  };
}
