// Original file: proto/drover/v1/session.proto


export interface CertificateIssued {
  'certificate'?: (string);
}

export interface CertificateIssued__Output {
  'certificate': (string);
}
