// A cluster of three control-plane nodes in the lab, and what may become of them. All tests share one lab, in this order: each
// leaves the cluster whole for the next, but for the last.
import { after, before } from 'node:test';
import { testBringUp } from './high-availability/bring-up.ts';
import { testDeadNode } from './high-availability/dead-node.ts';
import { testFailingJoins } from './high-availability/failing-joins.ts';
import { testLossOfOne } from './high-availability/loss-of-one.ts';
import { testLostQuorum } from './high-availability/lost-quorum.ts';
import { testOneOfTwo } from './high-availability/one-of-two.ts';
import { testReimage } from './high-availability/reimage.ts';
import { testRemoval } from './high-availability/removal.ts';
import { createSite } from './high-availability/site.ts';

const site = createSite();
before(site.prepare);
after(site.dispose);

testBringUp(site);
testLossOfOne(site);
testReimage(site);
testLostQuorum(site);
testRemoval();
testFailingJoins();
testDeadNode(site);
testOneOfTwo(site);
