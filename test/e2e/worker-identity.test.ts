// Machines of a real cluster's workers that come back as what they were, as something else, or as more than one. All share
// one lab, in this order: each leaves the cluster whole for the next, but for the last.
import { after, before } from 'node:test';
import { testAwayCoordinator, testFreshLease } from './worker-identity/away-coordinator.ts';
import { testElsewhere } from './worker-identity/elsewhere.ts';
import { testJoinCredentials } from './worker-identity/join-credentials.ts';
import { testOnlyControlPlane } from './worker-identity/only-control-plane.ts';
import { testReimage } from './worker-identity/reimage.ts';
import { testRemovedNode } from './worker-identity/removed-node.ts';
import { createSite } from './worker-identity/site.ts';

const site = createSite();
before(site.start);
after(site.dispose);

testReimage(site);
testFreshLease();
testAwayCoordinator(site);
testElsewhere(site);
testRemovedNode();
testJoinCredentials();
testOnlyControlPlane(site);
