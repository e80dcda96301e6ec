import { type CoordinatorPlace, serverUrl } from './coordinator.ts';

/** What a newcomer reads at the end of `npm start`. */
export function labSummary(facts: {
  readonly place: CoordinatorPlace;
  readonly configuration: string;
  /** Its name. */
  readonly cluster: string;
  readonly preparedMs: number;
  readonly totalMs: number;
  readonly log: string;
}): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(0)} s`;
  return `
The cluster is ready. Hosts, coordinator and agents took ${seconds(facts.preparedMs)}, everything ${seconds(facts.totalMs)}.

  API            ${serverUrl(facts.place)}/api/v1
  token and CA   see ${facts.configuration}
  log            ${facts.log}

Look around:
  export DROVER_CONFIG=${facts.configuration}
  npm run drover -- get nodes                      the agents
  npm run drover -- facts worker-1                 what one knows of its machine
  npm run drover -- plan ${facts.cluster.padEnd(26)}what a run would change: none
  npm run drover -- get runs                       the run above
  npm run drover -- watch RUN                      see it again
  npm run drover -- logs RUN                       what its commands printed
  npm run drover -- verify ${facts.cluster.padEnd(24)}what the cluster can do
  npm run drover -- kubeconfig ${facts.cluster.padEnd(20)}for your own kubectl
  npm run lab -- exec control-plane-1 -- kubectl get pods -A
  npm run lab -- shell worker-1                    a shell on a host

Take it all down:
  npm run lab -- down
`;
}

/** What a newcomer reads at the end of `npm start -- --simulated`. */
export function simulatedSummary(facts: {
  readonly place: CoordinatorPlace;
  readonly configuration: string;
  readonly totalMs: number;
}): string {
  return `
The simulated cluster is ready, after ${(facts.totalMs / 1_000).toFixed(1)} s.
Coordinator and agents are real, their hosts are simulated.

  API            ${serverUrl(facts.place)}/api/v1 (simulated hosts)
  token and CA   see ${facts.configuration}

Look around:
  export DROVER_CONFIG=${facts.configuration}
  npm run drover -- get nodes             the agents, on simulated hosts
  npm run drover -- facts worker-1        what one knows of its simulated host
  npm run drover -- plan simulated        what a run would change: nothing
  npm run drover -- get runs              the run above
  npm run drover -- watch RUN             see it again
  npm run drover -- logs RUN              what its commands printed
  npm run drover -- audit verify          was the record of calls changed?

Break it: start it slowly, kill what you like, and start that again:
  npm start -- --simulated --pace 20
  kill -9 $(cat .drover/simulated/coordinator.pid .drover/simulated/worker-1.pid)
  npm start -- --simulated --again

Take the simulation down:
  npm start -- --simulated --down
`;
}
