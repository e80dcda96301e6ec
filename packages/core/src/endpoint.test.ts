import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';

test('names and addresses of both families are read and written back', () => {
  for (const text of ['coordinator.example:8444', '10.0.12.2:8444', '[::1]:8444', '0.0.0.0:0']) {
    const endpoint = parseEndpoint(text);
    assert.ok(endpoint, text);
    assert.equal(formatEndpoint(endpoint), text);
  }
});

test('what is not one host and one port is not read', () => {
  for (const text of ['', 'host', 'host:', ':1', '::1:8444', 'host:65536', 'https://host:1', 'a b:1'])
    assert.equal(parseEndpoint(text), undefined, text);
});
