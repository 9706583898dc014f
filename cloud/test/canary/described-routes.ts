import { assert } from '@tagtrail/shared/assert.js';
import type { App } from '../../src/app.js';

/** JSON Schema as far as the API's description uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface Parameter {
  readonly name: string;
  readonly schema: Schema;
}

/** A route as registered, with what the API's own description says about it. */
export interface DescribedRoute {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The pattern, such as `/v1/assets/{id}`. */
  readonly path: string;
  readonly params: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly body: Schema | undefined;
  /** Answers to nobody in particular. */
  readonly open: boolean;
}

interface Operation {
  readonly parameters?: readonly (Parameter & { readonly in: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly security?: readonly unknown[];
}

/** Pages and their files, which know no customer and describe themselves nowhere. */
const pages = /^\/(\*|docs(\/.*)?|openapi\.json)$/;

/** Every route of the server; one that is registered and described nowhere fails. */
export async function describedRoutes(app: App): Promise<readonly DescribedRoute[]> {
  const document = (await app.server.inject({ url: '/openapi.json' })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  return app.routes.all
    .filter(({ url }) => !pages.test(url))
    .map(({ method, url }) => {
      const path = url.replace(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
      assert(
        operation !== undefined,
        `${method} ${url} is registered and not in /openapi.json: describe it, so that the canaries can try it`,
      );
      const parameters = operation.parameters ?? [];
      return {
        method: method as DescribedRoute['method'],
        path,
        params: parameters.filter((one) => one.in === 'path'),
        query: parameters.filter((one) => one.in === 'query'),
        body: operation.requestBody?.content['application/json']?.schema,
        open: operation.security?.length === 0,
      };
    });
}

/** Texts one of which fits most patterns. */
const texts = [
  'Example text',
  'Europe/Paris',
  '3034257BF7194E40',
  '2026-11-25T08:00:00.000Z',
  '2026-11-25',
  '08:00',
  'example',
  'someone@example.com',
  '123456',
  '0'.repeat(64),
  '00000000-0000-7000-8000-000000000000',
  'https://example.com/hook',
];

/**
 * A body that fits the schema, every field filled; `idOf` gives the ids that fields ask for.
 * Fails by the name of the field for which it has no text.
 */
export function sampleOf(schema: Schema, field: string, idOf: (field: string) => string | undefined): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const first = choices.find((choice) => choice.type !== 'null') ?? choices[0];
    return first === undefined ? null : sampleOf(first, field, idOf);
  }
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => sampleOf(part, field, idOf) as object));
  }
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, sampleOf(property, name, idOf)]),
      );
    case 'array':
      return schema.items === undefined ? [] : [sampleOf(schema.items, field, idOf)];
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return textFor(schema, field, idOf(field));
    default:
      return 'anything';
  }
}

function textFor({ pattern, minLength = 0, maxLength = 1000 }: Schema, field: string, id: string | undefined): string {
  const fits = (text: string): boolean =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(text));
  const named = /zone/.test(field) ? 'Europe/Paris' : undefined;
  const found = [...(id === undefined ? [] : [id]), ...(named === undefined ? [] : [named]), ...texts].find(fits);
  assert(found !== undefined, `test/canary/described-routes.ts has no text for the field "${field}" (${pattern})`);
  return found;
}
