import { type CabinetAddress, downTopics, parseTopic, type UpTopic } from '@tagtrail/shared/mqtt/topics.js';

export interface PublishRequest {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
}

export type PublishAccess =
  | { readonly allowed: true; readonly name: UpTopic; readonly retain: boolean }
  | { readonly allowed: false; readonly detail: string };

/** A cabinet publishes below its own `up/` only, at most with QoS 1; only its state is retained. */
export function mayPublish(own: CabinetAddress, request: PublishRequest): PublishAccess {
  const topic = parseTopic(request.topic);
  if (topic === undefined || topic.direction !== 'up' || !isOwn(own, topic)) {
    return { allowed: false, detail: `it may not publish to ${request.topic.slice(0, 120)}` };
  }
  if (request.qos > 1) return { allowed: false, detail: 'it may not publish with QoS 2' };
  return { allowed: true, name: topic.name, retain: request.retain && topic.name === 'state' };
}

/** The last will of a cabinet says on its own state topic that it is gone. */
export function mayLeaveWill(own: CabinetAddress, will: PublishRequest): boolean {
  const access = mayPublish(own, will);
  return access.allowed && access.name === 'state';
}

/** A cabinet hears what is below its own `down/`: all of it or one topic. */
export function maySubscribe(own: CabinetAddress, filter: string): boolean {
  const prefix = `tagtrail/v1/${own.tenant}/${own.cabinet}/down/`;
  if (!filter.startsWith(prefix)) return false;
  const rest = filter.slice(prefix.length);
  return rest === '+' || (downTopics as readonly string[]).includes(rest);
}

/** Whether a message on this topic is for this cabinet. */
export function mayReceive(own: CabinetAddress, topic: string): boolean {
  const parsed = parseTopic(topic);
  return parsed !== undefined && parsed.direction === 'down' && isOwn(own, parsed);
}

function isOwn(own: CabinetAddress, other: CabinetAddress): boolean {
  return own.tenant === other.tenant && own.cabinet === other.cabinet;
}
