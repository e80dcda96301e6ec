import { applyNetwork } from '../phases/apply-network.ts';
import { configureNodes } from '../phases/configure-nodes.ts';
import { initControlPlane } from '../phases/init-control-plane.ts';
import { installKubernetes } from '../phases/install-kubernetes.ts';
import { installRuntime } from '../phases/install-runtime.ts';
import { joinControlPlanes } from '../phases/join-control-planes.ts';
import { joinWorkers } from '../phases/join-workers.ts';
import { pointEndpoint } from '../phases/point-endpoint.ts';
import { prepareHost } from '../phases/prepare-host.ts';
import { pullImages } from '../phases/pull-images.ts';
import { serveEndpoint } from '../phases/serve-endpoint.ts';
import { startRuntime } from '../phases/start-runtime.ts';
import { waitReady } from '../phases/wait-ready.ts';
import { writeKubeconfig } from '../phases/write-kubeconfig.ts';
import type { Workflow } from '../plan/workflow.ts';

/** From bare machines to a cluster with every node Ready; on a finished cluster it finds nothing to change. */
export const bringUpCluster: Workflow = {
  name: 'bring-up-cluster',
  makesMembers: true,
  phases: [
    prepareHost,
    installRuntime,
    startRuntime,
    installKubernetes,
    pullImages,
    serveEndpoint,
    initControlPlane,
    applyNetwork,
    joinControlPlanes,
    joinWorkers,
    pointEndpoint,
    writeKubeconfig,
    configureNodes,
    waitReady,
  ],
};
