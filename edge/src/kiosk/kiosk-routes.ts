import {
  type KioskActionBody,
  type KioskActionName,
  type KioskAnswer,
  type KioskFound,
  type KioskMyData,
  kioskActions,
} from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Answer = KioskAnswer | KioskMyData | { readonly ok: true; readonly items: readonly KioskFound[] };

/** What the screen can ask for; each answers when what it changed is on the disk. */
export type KioskDeskPort = {
  readonly [N in KioskActionName]: (body: KioskActionBody<N>) => Promise<Answer> | Answer;
};

/** One route for each action; a body that is not understood is refused before anything looks at it. */
export function serveActions(app: FastifyInstance, desk: KioskDeskPort): void {
  const names = Object.keys(kioskActions) as KioskActionName[];
  for (const name of names) serve(app, name, desk);
}

function serve<N extends KioskActionName>(app: FastifyInstance, name: N, desk: KioskDeskPort): void {
  const { path, body } = kioskActions[name];
  app.post(path, async (request, reply) => {
    const parsed = body.safeParse(request.body ?? {});
    if (!parsed.success) return send(reply, { ok: false, code: 'bad_request' });
    return send(reply, await desk[name](parsed.data as KioskActionBody<N>));
  });
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  const status = answer.ok ? 200 : answer.code === 'bad_request' ? 400 : 409;
  return reply.header('cache-control', 'no-store').code(status).send(answer);
}
