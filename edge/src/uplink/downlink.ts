import { utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import {
  type CheckpointMessage,
  type CommandMessage,
  type CommittedMessage,
  checkpointMessage,
  commandMessage,
  committedMessage,
} from '@tagtrail/shared/mqtt/messages.js';
import { splitDownSignature } from '@tagtrail/shared/mqtt/signed-down.js';
import { type CabinetAddress, parseTopic } from '@tagtrail/shared/mqtt/topics.js';
import { type CustodyFacts, custodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import { type Rulebook, rulebook } from '@tagtrail/shared/rules/rulebook.js';
import type { z } from 'zod';
import type { IsFromCloud } from './cloud-key.js';

export type Downlink =
  | { readonly kind: 'committed'; readonly message: CommittedMessage }
  | { readonly kind: 'rulebook'; readonly message: Rulebook }
  | { readonly kind: 'custody'; readonly message: CustodyFacts }
  | { readonly kind: 'command'; readonly message: CommandMessage; readonly signed: boolean }
  | { readonly kind: 'checkpoint'; readonly message: CheckpointMessage }
  | { readonly kind: 'discarded'; readonly reason: DownlinkDiscard; readonly detail: string };

export type DownlinkDiscard = 'foreign_topic' | 'too_large' | 'not_json' | 'wrong_shape' | 'empty' | 'forged';

export interface DownlinkBasis {
  readonly identity: CabinetAddress;
  /** Null for a cabinet whose credentials are older than the cloud's key. */
  readonly isFromCloud: IsFromCloud | null;
}

const mostBytes = 16 * 1024 * 1024;

/**
 * What a message from the cloud says. Never throws, whatever was sent. With the cloud's key what it
 * did not sign is discarded, but for a command: that somebody forges those is worth a line of the trail.
 */
export function parseDownlink({ identity, isFromCloud }: DownlinkBasis, topic: string, payload: Uint8Array): Downlink {
  const parsed = parseTopic(topic);
  const own = parsed?.tenant === identity.tenant && parsed.cabinet === identity.cabinet;
  if (parsed === undefined || !own || parsed.direction !== 'down')
    return discarded('foreign_topic', topic.slice(0, 200));
  // A retained message that was cleared arrives as nothing.
  if (payload.length === 0) return discarded('empty', parsed.name);
  if (payload.length > mostBytes) return discarded('too_large', `${payload.length} bytes`);
  let value: unknown;
  let signed = false;
  try {
    const { body, sig } = splitDownSignature(utf8Text(payload));
    signed = isFromCloud?.({ topic, body, sig }) ?? false;
    value = JSON.parse(body);
  } catch {
    return discarded('not_json', parsed.name);
  }
  if (isFromCloud !== null && !signed && parsed.name !== 'command') return discarded('forged', parsed.name);
  switch (parsed.name) {
    case 'committed':
      return checked(committedMessage, value, (message) => ({ kind: 'committed', message }));
    case 'rulebook':
      return checked(rulebook, value, (message) => ({ kind: 'rulebook', message }));
    case 'checkpoint':
      return checked(checkpointMessage, value, (message) => ({ kind: 'checkpoint', message }));
    case 'custody':
      return checked(custodyFacts, value, (message) => ({ kind: 'custody', message }));
    case 'command':
      return checked(commandMessage, value, (message) => ({ kind: 'command', message, signed }));
  }
}

function checked<S extends z.ZodType>(schema: S, value: unknown, give: (message: z.output<S>) => Downlink): Downlink {
  const result = schema.safeParse(value);
  if (result.success) return give(result.data);
  const [issue] = result.error.issues;
  return discarded('wrong_shape', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function discarded(reason: DownlinkDiscard, detail: string): Downlink {
  return { kind: 'discarded', reason, detail };
}
