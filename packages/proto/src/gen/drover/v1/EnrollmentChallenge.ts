// Original file: proto/drover/v1/enrollment.proto


export interface EnrollmentChallenge {
  'coordinatorNonce'?: (Buffer | Uint8Array | string);
}

export interface EnrollmentChallenge__Output {
  'coordinatorNonce': (Buffer);
}
