import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { repositoryRoot } from '../repository.ts';
import { apiPage } from './reference/api-page.ts';
import { checksPage } from './reference/checks-page.ts';
import { errorsPage } from './reference/errors-page.ts';
import { schemaTables } from './reference/schema-tables.ts';
import { referenceGenerator } from './reference.ts';
import { runGenerator } from './run-generator.ts';

test('the reference pages say what error tables, schemas and routes say', async () => {
  assert.deepEqual(await runGenerator(referenceGenerator, repositoryRoot, false), [], 'run npm run generate');
});

suite('a page changes with what it describes', () => {
  test('an error table’s every part', () => {
    const entry = { status: 409, grpc: 'ABORTED', retryable: true, title: 'It | broke', remedy: 'Mend it.' } as const;
    const page = errorsPage([{ title: 'Daemon', introduction: 'Its own.', table: { broken: entry } }]);
    assert.match(page, /^\| `broken` \| 409 \| ABORTED \| yes \| It \\\| broke \| Mend it\. \|$/m);
  });

  test('a schema’s nested objects, lists, defaults and alternatives', () => {
    const tables = schemaTables(
      {
        type: 'object',
        required: ['nodes', 'port'],
        properties: {
          port: { type: 'integer', default: 1, description: 'Where' },
          nodes: {
            type: 'array',
            items: {
              type: 'object',
              required: ['role'],
              properties: { role: { anyOf: [{ const: 'a' }, { const: 'b' }] } },
            },
          },
        },
      },
      'Keys',
    ).join('\n');
    assert.match(tables, /^\| `port` \| integer \| default `1` \| Where \|  \|$/m);
    assert.match(tables, /^### `nodes\[\]`$/m);
    assert.match(tables, /^\| `role` \| `a`, `b` \| required \|  \|  \|$/m);
  });

  test('a check’s rules, with their versions and what mends them', () => {
    const rules = {
      gone: {
        severity: 'error',
        when: 'It is gone',
        kubernetes: { from: '1.24' },
        source: 'https://k.example/x',
        remedy: 'Do.',
      },
      off: { severity: 'warning', when: 'It is off', remedy: 'Nothing', fixedBy: 'disable-swap' },
    } as const;
    const described = { id: 'thing', title: 'It works', scope: 'node', reads: ['swap'], shows: 'The thing' } as const;
    const page = checksPage([{ ...described, rules, ofFacts: () => [] }]);
    assert.match(
      page,
      /^It works\. Looks at each node by itself, and reads the facts `swap`\. Evidence: the thing\.$/m,
    );
    assert.match(
      page,
      /^\| `gone` \| error \| It is gone \| 1\.24 and later \|  \| Do\. \| \[k\.example\]\(https:\/\/k\.example\/x\) \|$/m,
    );
    assert.match(page, /^\| `off` \| warning \| It is off \| every version \| `disable-swap` \|  \|  \|$/m);
  });

  test('a route’s method, path and answers', () => {
    const page = apiPage({
      paths: { '/x': { post: { summary: 'Do it', tags: ['things'], responses: { 201: {}, 409: {} } } } },
    });
    assert.match(page, /^## Things$/m);
    assert.match(page, /^\| `POST \/x` \| Do it \| 201, 409 \|$/m);
  });
});
