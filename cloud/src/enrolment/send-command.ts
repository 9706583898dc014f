import type { cabinetCommand } from '@tagtrail/shared/api/enrolment.js';
import { idFromUuid, newUuid, uuidFromId } from '@tagtrail/shared/ids.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import { type CabinetAddress, downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem } from '../api/problem.js';
import { readCabinet } from '../cabinets/read-cabinets.js';
import { recordChange } from '../entries/record-change.js';
import { sql } from '../store/sql.js';

/** Delivers to a cabinet that is connected; to nobody otherwise. */
export type SendDown = (topic: string, body: string) => Promise<void>;

/** A command is carried out within this time or never; what opens a door must not come as a surprise. */
const validMs = { count_now: 60_000, rotate_key: 60_000, unlock: 10_000 } as const;

export interface PreparedCommand {
  readonly topic: string;
  readonly message: CommandMessage;
}

/**
 * Numbers a command for a cabinet of the scope and writes it into the trail; it is sent after the commit.
 * @throws ApiProblem `not-found`, or `conflict` for a cabinet that was cut off.
 */
export async function prepareCommand(
  asking: Asking,
  random: Random,
  wanted: { readonly cabinetId: string; readonly command: z.output<typeof cabinetCommand> },
): Promise<PreparedCommand> {
  const { tx, scope, atMs } = asking;
  const { kind } = wanted.command;
  const note = wanted.command.kind === 'unlock' ? { note: wanted.command.note } : {};
  const cabinet = await readCabinet(tx, scope, { id: wanted.cabinetId, atMs });
  if (cabinet.revoked_at != null) {
    throw new ApiProblem('conflict', 'This cabinet was cut off. Nothing is sent to it before it enrols again.');
  }
  const rows = await tx.$queryRaw<{ command_counter: number }[]>(sql`
    update cabinet set command_counter = command_counter + 1
    where tenant_id = ${scope.tenantId}::uuid and id = ${wanted.cabinetId}::uuid returning command_counter`);
  await recordChange(asking, {
    kind: 'cabinet.command_sent',
    data: { command: kind, ...note },
    siteId: uuidFromId('site', cabinet.site.id),
    cabinetId: wanted.cabinetId,
  });
  const address: CabinetAddress = {
    tenant: idFromUuid('tenant', scope.tenantId),
    cabinet: idFromUuid('cabinet', wanted.cabinetId),
  };
  return {
    topic: downTopic(address, 'command'),
    message: {
      v: 1,
      id: newUuid(atMs, random),
      counter: rows[0]?.command_counter ?? 1,
      expiresAt: new Date(atMs + validMs[kind]).toISOString(),
      kind,
    },
  };
}
