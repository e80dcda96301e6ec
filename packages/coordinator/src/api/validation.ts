import { type DocumentRules, type Fault, formatPath, parseDocument, schemaFaults } from '@drover/core';
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Convert } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';

/**
 * Holds every part of a request against its schema and reports all faults. A body arrives as text and is read here, YAML
 * and JSON alike, so that its faults have lines; `rules` say what its schema cannot.
 */
export function createValidator<Body>(rules?: DocumentRules<Body>): FastifySchemaCompiler<TSchema> {
  return ({ schema, method, url, httpPart = 'request' }) => {
    const tried = `${method} ${url}`;
    if (httpPart === 'body') return (text: unknown) => readBody(text, schema, tried, rules);
    return (raw: unknown) => {
      // These parts arrive as text; numbers and booleans among them are what they look like.
      const value = Convert(schema, raw);
      const faults = schemaFaults(schema, value).map(({ path, message, suggestion }) => ({
        path: formatPath([httpPart, ...path]),
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      }));
      return faults.length > 0 ? { error: refuse(tried, httpPart, faults) } : { value };
    };
  };
}

function readBody<Body>(text: unknown, schema: TSchema, tried: string, rules: DocumentRules<Body> | undefined) {
  const source = 'request body';
  const parsed = parseDocument(typeof text === 'string' ? text : '', schema, {
    source,
    // A route gives the rules of its own body's schema.
    ...(rules === undefined ? {} : { rules: rules as DocumentRules<Static<TSchema>> }),
  });
  return parsed.ok ? { value: parsed.value } : { error: refuse(tried, source, parsed.faults) };
}

function refuse(tried: string, source: string, faults: readonly Fault[]): Error {
  const reason = `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the ${source}`;
  return coordinatorErrors.create('input-invalid', { tried, reason, faults });
}
