import { type GrpcObject, loadPackageDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { descriptor } from './gen/descriptor.ts';
import type { EnrollmentClient, EnrollmentDefinition } from './gen/drover/v1/Enrollment.ts';
import type { SessionClient, SessionDefinition } from './gen/drover/v1/Session.ts';
import type { ProtoGrpcType as EnrollmentTypes } from './gen/enrollment.ts';
import type { ProtoGrpcType as SessionTypes } from './gen/session.ts';

export type { EnrollmentClient, EnrollmentDefinition, SessionClient, SessionDefinition };

/** The contract's services, ready for grpc-js. */
export interface Contract {
  readonly Enrollment: EnrollmentTypes['drover']['v1']['Enrollment'];
  readonly Session: SessionTypes['drover']['v1']['Session'];
}

/** Loads the contract from the descriptor that is part of this package: nothing is read from disk, so a bundle carries it. */
export function loadContract(): Contract {
  // The generator's flags and these options say the same; the generated types hold only then.
  const definition = fromJSON(descriptor, {
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const loaded: GrpcObject = loadPackageDefinition(definition);
  // grpc-js builds the object from names: its shape is known from the generated types alone.
  const contract = loaded as unknown as EnrollmentTypes & SessionTypes;
  return { Enrollment: contract.drover.v1.Enrollment, Session: contract.drover.v1.Session };
}
