import { newNotice, noticePage, noticeView } from '@tagtrail/shared/api/notice.js';
import type { Api, ApiContext } from '../api/context.js';
import { problems } from '../api/openapi.js';
import { listQuery, noQuery } from '../api/schemas.js';
import { listNotices, publishNotice } from './notices.js';

const tags = ['Rules'];

/** What cabinets tell people about their data. */
export function registerNoticeRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/v1/notices',
    {
      schema: {
        summary: 'Every version of the privacy notice, newest first, with how many people acknowledged it',
        tags,
        querystring: listQuery,
        response: { 200: noticePage, ...problems('invalid-request', 'not-signed-in') },
      },
    },
    (request) =>
      context.read(request, (asking) =>
        listNotices(asking, { limit: request.query.limit, cursor: request.query.cursor }),
      ),
  );
  api.post(
    '/v1/notices',
    {
      preValidation: context.needs('admin'),
      schema: {
        summary: 'Publish the next version of the privacy notice; earlier ones stay readable',
        tags,
        querystring: noQuery,
        body: newNotice,
        response: { 201: noticeView, ...problems('invalid-request', 'not-signed-in', 'not-allowed') },
      },
    },
    async (request, reply) => {
      const notice = await context.change(request, (asking) => publishNotice(asking, request.body));
      return reply.code(201).send(notice);
    },
  );
}
