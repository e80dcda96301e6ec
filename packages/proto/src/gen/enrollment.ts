import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { EnrollmentClient as _drover_v1_EnrollmentClient, EnrollmentDefinition as _drover_v1_EnrollmentDefinition } from './drover/v1/Enrollment.ts';
import type { EnrollmentAccepted as _drover_v1_EnrollmentAccepted, EnrollmentAccepted__Output as _drover_v1_EnrollmentAccepted__Output } from './drover/v1/EnrollmentAccepted.ts';
import type { EnrollmentAcknowledgement as _drover_v1_EnrollmentAcknowledgement, EnrollmentAcknowledgement__Output as _drover_v1_EnrollmentAcknowledgement__Output } from './drover/v1/EnrollmentAcknowledgement.ts';
import type { EnrollmentChallenge as _drover_v1_EnrollmentChallenge, EnrollmentChallenge__Output as _drover_v1_EnrollmentChallenge__Output } from './drover/v1/EnrollmentChallenge.ts';
import type { EnrollmentCompleted as _drover_v1_EnrollmentCompleted, EnrollmentCompleted__Output as _drover_v1_EnrollmentCompleted__Output } from './drover/v1/EnrollmentCompleted.ts';
import type { EnrollmentHello as _drover_v1_EnrollmentHello, EnrollmentHello__Output as _drover_v1_EnrollmentHello__Output } from './drover/v1/EnrollmentHello.ts';
import type { EnrollmentProof as _drover_v1_EnrollmentProof, EnrollmentProof__Output as _drover_v1_EnrollmentProof__Output } from './drover/v1/EnrollmentProof.ts';
import type { EnrollmentReply as _drover_v1_EnrollmentReply, EnrollmentReply__Output as _drover_v1_EnrollmentReply__Output } from './drover/v1/EnrollmentReply.ts';
import type { EnrollmentRequest as _drover_v1_EnrollmentRequest, EnrollmentRequest__Output as _drover_v1_EnrollmentRequest__Output } from './drover/v1/EnrollmentRequest.ts';
import type { FactsShown as _drover_v1_FactsShown, FactsShown__Output as _drover_v1_FactsShown__Output } from './drover/v1/FactsShown.ts';
import type { FactsWanted as _drover_v1_FactsWanted, FactsWanted__Output as _drover_v1_FactsWanted__Output } from './drover/v1/FactsWanted.ts';
import type { MachineAccount as _drover_v1_MachineAccount, MachineAccount__Output as _drover_v1_MachineAccount__Output } from './drover/v1/MachineAccount.ts';
import type { TpmCredential as _drover_v1_TpmCredential, TpmCredential__Output as _drover_v1_TpmCredential__Output } from './drover/v1/TpmCredential.ts';
import type { TpmShown as _drover_v1_TpmShown, TpmShown__Output as _drover_v1_TpmShown__Output } from './drover/v1/TpmShown.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  drover: {
    v1: {
      /**
       * How a machine becomes a node. Served on a listener of its own (8445), where a stranger gets a challenge and
       * nothing more. One stream per enrolment: hello, challenge, proof, accepted, acknowledgement, completed. A machine that has
       * proved its key and is not let in may be asked one question before it is refused: what it observes of itself.
       */
      Enrollment: SubtypeConstructor<typeof grpc.Client, _drover_v1_EnrollmentClient> & { service: _drover_v1_EnrollmentDefinition }
      EnrollmentAccepted: MessageTypeDefinition<_drover_v1_EnrollmentAccepted, _drover_v1_EnrollmentAccepted__Output>
      EnrollmentAcknowledgement: MessageTypeDefinition<_drover_v1_EnrollmentAcknowledgement, _drover_v1_EnrollmentAcknowledgement__Output>
      EnrollmentChallenge: MessageTypeDefinition<_drover_v1_EnrollmentChallenge, _drover_v1_EnrollmentChallenge__Output>
      EnrollmentCompleted: MessageTypeDefinition<_drover_v1_EnrollmentCompleted, _drover_v1_EnrollmentCompleted__Output>
      EnrollmentHello: MessageTypeDefinition<_drover_v1_EnrollmentHello, _drover_v1_EnrollmentHello__Output>
      EnrollmentProof: MessageTypeDefinition<_drover_v1_EnrollmentProof, _drover_v1_EnrollmentProof__Output>
      EnrollmentReply: MessageTypeDefinition<_drover_v1_EnrollmentReply, _drover_v1_EnrollmentReply__Output>
      EnrollmentRequest: MessageTypeDefinition<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentRequest__Output>
      FactsShown: MessageTypeDefinition<_drover_v1_FactsShown, _drover_v1_FactsShown__Output>
      FactsWanted: MessageTypeDefinition<_drover_v1_FactsWanted, _drover_v1_FactsWanted__Output>
      MachineAccount: MessageTypeDefinition<_drover_v1_MachineAccount, _drover_v1_MachineAccount__Output>
      TpmCredential: MessageTypeDefinition<_drover_v1_TpmCredential, _drover_v1_TpmCredential__Output>
      TpmShown: MessageTypeDefinition<_drover_v1_TpmShown, _drover_v1_TpmShown__Output>
    }
  }
}

