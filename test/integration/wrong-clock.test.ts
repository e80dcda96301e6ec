import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestAgent } from '@drover/agent/testing';
import { startTestCoordinator } from '@drover/coordinator/testing';
import { type Clock, systemClock } from '@drover/core';
import { cleanUp } from './clean-up.ts';
import { type LogLine, recordLogs } from './log-recorder.ts';
import { openTcpProxy } from './tcp-proxy.ts';

const daysMs = 24 * 3_600_000;

/** OpenSSL goes by the machine's own clock: what can be wrong here is the coordinator's. */
function clockOffBy(days: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + days * daysMs };
}

const isWrong = ({ fields }: LogLine): boolean => fields['code'] === 'clock-wrong';

for (const [days, finding] of [
  [730, /the coordinator’s certificate is valid from .*: the clock is 729 to 737 days behind/],
  [-730, /the coordinator’s certificate is valid from .*: the clock is 723 to 731 days ahead/],
] as const) {
  test(`a machine whose clock is ${-days} days off says so, shows nothing, and goes on once it is right`, async (t) => {
    const coordinator = await startTestCoordinator();
    cleanUp(t, () => coordinator.dispose());
    const { dataDirectory } = coordinator;
    const elsewhen = await startTestCoordinator({ dataDirectory, clock: clockOffBy(days) });
    cleanUp(t, () => elsewhen.dispose());
    const enrollment = await openTcpProxy(elsewhen.enrollmentPort);
    cleanUp(t, () => enrollment.close());
    const session = await openTcpProxy(coordinator.sessionPort);
    cleanUp(t, () => session.close());
    const logs = recordLogs();
    const token = await coordinator.createToken('worker-1');
    const ports = { enrollmentPort: enrollment.port, sessionPort: session.port };
    const agent = await startTestAgent({ ...ports, token, logger: logs.logger });
    cleanUp(t, () => agent.dispose());

    const refused = await logs.waitFor(isWrong);
    assert.match(String(refused.fields['error']), finding);
    assert.deepEqual([await elsewhen.claims.list(), coordinator.sessions.connected()], [[], []]);
    enrollment.lead(coordinator.enrollmentPort);
    await coordinator.connected('worker-1');

    // The same later, where it has a session to keep.
    const before = logs.lines.length;
    session.lead(elsewhen.sessionPort);
    const again = await logs.waitFor((line) => isWrong(line) && logs.lines.indexOf(line) >= before);
    assert.equal(again.message, 'not connected');
    session.lead(coordinator.sessionPort);
    await coordinator.connected('worker-1');
  });
}
