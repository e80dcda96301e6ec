/** What tests and benchmarks of surveys need besides agents. */

export type { Reachability, SurveyedLink, SurveyedPort } from '../plan/reachability.ts';
export { isFine } from '../plan/reachability.ts';
export { createNetworkSurvey, type SurveyNetwork } from '../reachability/surveys.ts';
export type { NodeSessions, OperationOutcome } from '../sessions/sessions.ts';
export { exampleFacts, exampleSpec } from './example-view.ts';
