import { Readable } from 'node:stream';
import { exportQuery } from '@tagtrail/shared/api/proof.js';
import { z } from 'zod';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { prepareExport } from './prepare-export.js';
import { awaitCheckpoint, type Read, writeExport } from './write-export.js';

const file = {
  description: 'The export, one JSON object in a line',
  content: { 'application/x-ndjson': { schema: z.string() } },
};

export function registerExportRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/trail/export',
    {
      exposeHeadRoute: false,
      preValidation: context.needs('admin'),
      schema: {
        summary: 'The trail as a file that verifies offline',
        description:
          'Newline-delimited JSON (tagtrail-export/v1): a header with the signed checkpoint, the custody, every entry ' +
          'with what opens its commitments, and hashes in the place of entries that are not in the file. ' +
          'Check it with "npm run verify -- FILE" or on the page "Verify an export". The export is itself a line of the trail.',
        tags: ['Proof'],
        querystring: exportQuery,
        response: {
          200: file,
          ...problems('invalid-request', 'not-signed-in', 'not-allowed', 'invalid-reference', 'trail-unsigned'),
        },
      },
    },
    async (request, reply) => {
      const prepared = await context.change(request, (asking) => prepareExport(asking, request.query));
      const read: Read = (work) => context.read(request, ({ tx }) => work(tx));
      const checkpoint = await awaitCheckpoint(read, prepared, context.clock);
      const name = `trail-${prepared.exportedAt.slice(0, 10)}-${checkpoint.size}.ndjson`;
      void reply.header('content-disposition', `attachment; filename="${name}"`);
      // A stream is sent as it is; the schema only describes it.
      const body: unknown = Readable.from(writeExport(read, prepared, checkpoint));
      return reply.type('application/x-ndjson').send(body as string);
    },
  );
}
