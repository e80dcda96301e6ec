// Original file: proto/drover/v1/enrollment.proto


export interface EnrollmentCompleted {
}

export interface EnrollmentCompleted__Output {
}
