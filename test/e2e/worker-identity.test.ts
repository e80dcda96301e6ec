// Machines of a real cluster's workers that come back as what they were, as something else, or as more than one. All share
// one lab, in this order: each leaves the cluster whole for the next, but for the last.
import { after, before } from 'node:test';
import { testAwayCoordinator, testFreshLease } from './worker-identity/away-coordinator.ts';
import { testClone } from './worker-identity/clone.ts';
import { testElsewhere } from './worker-identity/elsewhere.ts';
import { testJoinCredentials } from './worker-identity/join-credentials.ts';
import { testOnlyControlPlane } from './worker-identity/only-control-plane.ts';
import { testPartialWipe } from './worker-identity/partial-wipe.ts';
import { testReimage } from './worker-identity/reimage.ts';
import { testRemovedNode } from './worker-identity/removed-node.ts';
import { testReplayedProof } from './worker-identity/replayed-proof.ts';
import { testRevert } from './worker-identity/revert.ts';
import { testSameHardware } from './worker-identity/same-hardware.ts';
import { createSite } from './worker-identity/site.ts';
import { testStolenToken } from './worker-identity/stolen-token.ts';

const site = createSite();
before(site.start);
after(site.dispose);

testReimage(site);
testFreshLease();
testPartialWipe();
testStolenToken();
testReplayedProof();
testClone();
testRevert();
testSameHardware(site);
testRemovedNode(site);
testAwayCoordinator(site);
testElsewhere(site);
testJoinCredentials();
testOnlyControlPlane(site);
