// Original file: proto/drover/v1/actions.proto

import type { EndpointPod as _drover_v1_EndpointPod, EndpointPod__Output as _drover_v1_EndpointPod__Output } from '../../drover/v1/EndpointPod.ts';
import type { EndpointFile as _drover_v1_EndpointFile, EndpointFile__Output as _drover_v1_EndpointFile__Output } from '../../drover/v1/EndpointFile.ts';

/**
 * ensure. The static pods that serve the control plane's endpoint on this node, and the files that they mount. Those of an
 * earlier endpoint go.
 */
export interface ServeEndpoint {
  'pods'?: (_drover_v1_EndpointPod)[];
  'files'?: (_drover_v1_EndpointFile)[];
}

/**
 * ensure. The static pods that serve the control plane's endpoint on this node, and the files that they mount. Those of an
 * earlier endpoint go.
 */
export interface ServeEndpoint__Output {
  'pods': (_drover_v1_EndpointPod__Output)[];
  'files': (_drover_v1_EndpointFile__Output)[];
}
