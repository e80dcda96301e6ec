import assert from 'node:assert/strict';
import { after } from 'node:test';
import { type ApiFixture, type ApiFixtureOptions, createApiFixture } from './api-fixture.ts';
import { exampleText } from './example-cluster.ts';

/** A refusal, as far as tests look at it. */
export interface Problem {
  readonly code: string;
  readonly remedy: string;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly findings?: readonly { readonly check: string; readonly severity: string }[];
}

/** A run, as far as tests look at it. */
export interface Run {
  readonly runId: string;
  readonly state: string;
}

/** A fixture with the lab's cluster stored, closed when the test is over. */
export async function createLabApi(options?: ApiFixtureOptions) {
  const fixture = await createApiFixture(options);
  after(() => fixture.close());
  const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
  const stored = await fixture.api.inject({
    method: 'PUT',
    url: '/api/v1/clusters/lab',
    headers,
    payload: await exampleText(),
  });
  assert.equal(stored.statusCode, 201, stored.body);
  return fixture;
}

/** Asks for a run of the lab's cluster. */
export async function startRun(fixture: ApiFixture, body: object = { workflow: 'bring-up-cluster' }, key?: string) {
  const headers = { authorization: fixture.authorization, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return fixture.api.inject({ method: 'POST', url: '/api/v1/clusters/lab/runs', headers, payload: body });
}

/** Reads as the administrator. */
export async function get(fixture: ApiFixture, path: string, headers: Record<string, string> = {}) {
  return fixture.api.inject({ url: `/api/v1${path}`, headers: { authorization: fixture.authorization, ...headers } });
}

/** Plans the lab's cluster. */
export async function plan(fixture: ApiFixture) {
  const headers = { authorization: fixture.authorization };
  return fixture.api.inject({ method: 'POST', url: '/api/v1/clusters/lab/plan', headers });
}

/** Ids, names and data of a stream of server-sent events. */
export function parseEvents(body: string): readonly { id: number; type: string; data: { run?: Run } }[] {
  return body
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [, id = '', type = '', data = ''] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { id: Number(id), type, data: JSON.parse(data) as { run?: Run } };
    });
}

/** An operation that ends when the test says so. */
export function gate() {
  const opened = Promise.withResolvers<undefined>();
  return { wait: () => opened.promise, open: () => opened.resolve(undefined) };
}
