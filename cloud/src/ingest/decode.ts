import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { type TraceEvent, traceEvent } from '@tagtrail/shared/events/trace-event.js';
import {
  type EventsMessage,
  eventsMessage,
  type HelloMessage,
  helloMessage,
  type StateMessage,
  stateMessage,
  type WitnessMessage,
  witnessMessage,
} from '@tagtrail/shared/mqtt/messages.js';
import type { z } from 'zod';

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

/** A batch whose events are still exactly what was sent: the chain covers them as they are. */
export interface Batch extends Omit<EventsMessage, 'events'> {
  readonly events: readonly Json[];
}

/** No message of ours is nested deeper. */
const maxDepth = 24;

export function decodeEvents(payload: Uint8Array): Decoded<Batch> {
  const json = decodeJson(payload);
  if (!json.ok) return json;
  const checked = check(eventsMessage, json.value);
  if (!checked.ok) return checked;
  const { events } = json.value as { events: readonly Json[] };
  const batch = { ...checked.value, events };
  if (batch.to - batch.from + 1 !== events.length) {
    return { ok: false, detail: `the batch names ${batch.from}..${batch.to} and holds ${events.length} events` };
  }
  return { ok: true, value: batch };
}

export function decodeHello(payload: Uint8Array): Decoded<HelloMessage> {
  const json = decodeJson(payload);
  return json.ok ? check(helloMessage, json.value) : json;
}

export function decodeState(payload: Uint8Array): Decoded<StateMessage> {
  const json = decodeJson(payload);
  return json.ok ? check(stateMessage, json.value) : json;
}

export function decodeWitness(payload: Uint8Array): Decoded<WitnessMessage> {
  const json = decodeJson(payload);
  return json.ok ? check(witnessMessage, json.value) : json;
}

/** One event of a batch; its sequence must be the one that its place gives it. */
export function decodeEvent(event: Json, seq: number): Decoded<TraceEvent> {
  if (!isStorable(event)) return { ok: false, detail: 'the text holds a character that is none' };
  const checked = check(traceEvent, event);
  if (!checked.ok) return checked;
  if (checked.value.seq !== seq) return { ok: false, detail: `it says sequence ${checked.value.seq}` };
  const at = Date.parse(checked.value.at);
  if (!(at >= 0)) return { ok: false, detail: `the time ${checked.value.at} is before 1970` };
  return checked;
}

function decodeJson(payload: Uint8Array): Decoded<unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (!isShallow(value, maxDepth)) return { ok: false, detail: `nested deeper than ${maxDepth}` };
    return { ok: true, value };
  } catch {
    return { ok: false, detail: 'not JSON in UTF-8' };
  }
}

function check<S extends z.ZodType>(schema: S, value: unknown): Decoded<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  return { ok: false, detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`.slice(0, 300) };
}

function isShallow(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (depth === 0) return false;
  // Of JSON every member is the object's own; lists of members would be made for every value of every event.
  for (const key in value) if (!isShallow((value as Record<string, unknown>)[key], depth - 1)) return false;
  return true;
}

/** PostgreSQL holds every Unicode text except the character zero; a lone surrogate is no text. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && !/\p{Surrogate}/u.test(value);
  if (value === null || typeof value !== 'object') return true;
  for (const key in value) if (!isStorable(key) || !isStorable((value as Record<string, unknown>)[key])) return false;
  return true;
}
