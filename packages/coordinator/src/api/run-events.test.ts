import { once } from 'node:events';
import { type IncomingMessage, request as openRequest } from 'node:http';
import { suite, test } from 'node:test';
import { createLabApi, gate, type Run, startRun } from '../testing/lab-api.ts';

suite('a reader of events', () => {
  test('that goes away is waited for no longer', async () => {
    const held = gate();
    const fixture = await createLabApi({
      behave: ({ call, request: { mode } }) =>
        call.name === 'install-packages' && mode === 'run' ? held.wait() : undefined,
    });
    const { engine } = fixture.dependencies;
    const { events } = engine;
    const gone = Promise.withResolvers<void>();
    Object.assign(engine, {
      events: (...[runId, options]: Parameters<typeof events>) => {
        options.signal.addEventListener('abort', () => gone.resolve());
        return events(runId, options);
      },
    });
    const { runId } = (await startRun(fixture)).json<Run>();
    const address = await fixture.api.listen({ host: '127.0.0.1', port: 0 });
    const { authorization } = fixture;
    const reader = openRequest(`${address}/api/v1/runs/${runId}/events`, { headers: { authorization } });
    reader.on('error', () => undefined);
    reader.end();
    const [answer] = (await once(reader, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    reader.destroy();
    await gone.promise;
    held.open();
  });
});
