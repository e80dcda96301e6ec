import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { MachineAccount as _drover_v1_MachineAccount, MachineAccount__Output as _drover_v1_MachineAccount__Output } from './drover/v1/MachineAccount.ts';
import type { TpmCredential as _drover_v1_TpmCredential, TpmCredential__Output as _drover_v1_TpmCredential__Output } from './drover/v1/TpmCredential.ts';
import type { TpmShown as _drover_v1_TpmShown, TpmShown__Output as _drover_v1_TpmShown__Output } from './drover/v1/TpmShown.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  drover: {
    v1: {
      MachineAccount: MessageTypeDefinition<_drover_v1_MachineAccount, _drover_v1_MachineAccount__Output>
      TpmCredential: MessageTypeDefinition<_drover_v1_TpmCredential, _drover_v1_TpmCredential__Output>
      TpmShown: MessageTypeDefinition<_drover_v1_TpmShown, _drover_v1_TpmShown__Output>
    }
  }
}

