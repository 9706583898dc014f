import { z } from 'zod';
import { faults } from '../behaviours/catalogue.js';
import type { Cabinet } from './cabinet.js';
import { type ControlRoute, controlRoutes } from './control-routes.js';

/** A page for the person who opens the control in a browser. */
export function helpPage(cabinet: Cabinet, address: string): string {
  const routes = controlRoutes.map(
    (route) => `<tr><td><code>${route.method} ${inHtml(route.path)}</code></td><td>${inHtml(route.sentence)}
${route.example === undefined ? '' : `<br><code>${inHtml(route.example)}</code>`}</td></tr>`,
  );
  const wrong = faults.map(
    (fault) => `<tr><td><code>${fault.name}</code></td><td>${fault.devices.join(', ')}</td>
<td>${inHtml(fault.sentence)}</td></tr>`,
  );
  const at = inHtml(address);
  const badge = cabinet.file.badges[0]?.number ?? '1F00644BB6';
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${inHtml(cabinet.file.name)} (simulated cabinet)</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #ccc;padding:.4rem .6rem;vertical-align:top}
pre,code{background:#f2f2f2;padding:.1rem .3rem}pre{padding:.8rem;overflow:auto}</style>
<h1>${inHtml(cabinet.file.name)}: a simulated cabinet</h1>
<p>What a person does with the cabinet is a request here; what they would see is
<a href="/state"><code>/state</code></a>. The programs' description of all this is
<a href="/openapi.json"><code>/openapi.json</code></a>.</p>
<pre>curl -s ${at}/badge -H 'content-type: application/json' -d '{"number":"${badge}"}'
curl -s -X POST ${at}/door/1/open
curl -s ${at}/tags -H 'content-type: application/json' -d '{"epc":"${tagOf(cabinet)}","inside":false}'
curl -s -X POST ${at}/door/1/close
curl -s ${at}/state</pre>
<h2>Routes</h2><table>${routes.join('\n')}</table>
<h2>Faults</h2><table>${wrong.join('\n')}</table>
</html>
`;
}

function tagOf(cabinet: Cabinet): string {
  return cabinet.field.tags()[0]?.epc ?? 'E28011606000020512345678';
}

function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const problemResponse = {
  description: 'What is wrong and what to do (RFC 9457).',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The control as an OpenAPI 3.1 document, from the same schemas that check its requests. */
export function openApiDocument(address: string, problem: z.ZodType): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of controlRoutes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = { ...operations, [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control of a simulated cabinet',
      version: '1',
      description: 'What a person does with the cabinet, and what they would see.',
    },
    servers: [{ url: address }],
    paths,
    components: { schemas: { Problem: z.toJSONSchema(problem) } },
  };
}

function operation(route: ControlRoute): unknown {
  const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    summary: route.sentence,
    parameters,
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            content: { 'application/json': { schema: z.toJSONSchema(route.body, { io: 'input' }) } },
          },
        }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: z.toJSONSchema(route.result) } },
      },
      default: problemResponse,
    },
  };
}
