import { controlPlaneCount } from '../../preflight/checks/control-plane-count.ts';
import { exampleView } from '../example-view.ts';
import { highlyAvailable } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(controlPlaneCount, {
  finds: [['an even number', 'even', highlyAvailable(2), /2 control-plane nodes survive the loss of none/]],
  passes: [
    ['one', exampleView()],
    ['three', highlyAvailable(3)],
  ],
});
