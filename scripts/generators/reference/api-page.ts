import { row } from './markdown.ts';

/** What the page needs of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
}

interface ApiOperation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses: Readonly<Record<string, unknown>>;
}

/** The page of every route, by subject. The shapes of requests and answers are in the OpenAPI document itself. */
export function apiPage({ paths }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const subjects = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? 'other');
  return [
    '# The REST API',
    '',
    'HTTPS on port 8443 with a certificate of the coordinator’s own CA (`ca.crt` in its data directory). Every route but',
    'health, readiness and the OpenAPI document wants `Authorization: Bearer` with the token that is in `admin-token` beside',
    'it. The shapes of requests and answers are in the OpenAPI 3.1 document that it serves at `/api/v1/openapi.json`.',
    'An answer that is not a success is problem details (RFC 9457) with a code of [errors.md](errors.md); any route can',
    'answer 401, 500, 503 and 507 besides what is listed. Bodies are JSON or, as cluster files are, YAML.',
    ...[...subjects].flatMap(([subject, members]) => [
      '',
      `## ${subject.charAt(0).toUpperCase()}${subject.slice(1)}`,
      '',
      row(['route', 'what it does', 'answers']),
      row(['---', '---', '---']),
      ...members.map(({ method, path, operation }) =>
        row([`\`${method} ${path}\``, operation.summary ?? '', Object.keys(operation.responses).join(', ')]),
      ),
    ]),
    '',
    '`POST /api/v1/clusters/{name}/runs` takes an `Idempotency-Key`: however often a request is sent with one key, it starts',
    'one run. `GET /api/v1/runs/{runId}/events` is a stream of server-sent events with the names `run` and `step`; a reader',
    'that comes back sends the last id it saw as `Last-Event-ID` and misses nothing. The stream ends with the run.',
    '',
  ].join('\n');
}
