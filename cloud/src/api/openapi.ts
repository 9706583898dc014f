import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problem } from '@tagtrail/shared/api/common.js';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { type ProblemCode, problemBase, problemCatalogue } from './problem-catalogue.js';

/** The document generated from the schemas that validate; registered before the routes. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'TagTrail',
        version,
        description:
          'Follows every tagged tool. Lists are newest first with opaque cursors; the event feed is oldest first by index. ' +
          'Errors are application/problem+json (RFC 9457); their types are listed at /docs/problems. ' +
          'A signed-in browser sends its cookie; a program signs in at /v1/sign-in and sends its own Origin header with changes.',
      },
      components: { securitySchemes: { signIn: { type: 'apiKey', in: 'cookie', name: 'tagtrail.session_token' } } },
      security: [{ signIn: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/docs/problems', { schema: { hide: true } }, async (request, reply) => {
    if (request.headers.accept?.includes('text/html'))
      return reply.type('text/html; charset=utf-8').send(cataloguePage());
    return reply.type('application/json').serializer(JSON.stringify).send(catalogue());
  });
}

/** The error answers that a route documents, each with its whole shape. */
export function problems(...codes: readonly ProblemCode[]): Record<number, z.ZodType> {
  const answers: Record<number, z.ZodType> = {};
  for (const code of codes) answers[problemCatalogue[code].status] = problem;
  return answers;
}

function catalogue(): { problems: readonly { type: string; status: number; title: string; remedy: string }[] } {
  return {
    problems: Object.entries(problemCatalogue).map(([code, { status, title, remedy }]) => ({
      type: `${problemBase}${code}`,
      status,
      title,
      remedy,
    })),
  };
}

function cataloguePage(): string {
  const rows = catalogue()
    .problems.map(
      ({ type, status, title, remedy }) =>
        `<tr id="${type.slice(problemBase.length)}"><td><code>${type}</code><td>${status}<td>${title}<td>${remedy}`,
    )
    .join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>TagTrail: problems</title>
<h1>Problems</h1><p>Every error answer has the media type <code>application/problem+json</code> (RFC 9457) and one of these types.
<table><thead><tr><th>Type<th>Status<th>Title<th>What to do<tbody>
${rows}
</table></html>`;
}
