import { type CabinetId, isId, type TenantId } from '../ids.js';

/** The one place that knows how topics are spelled: `tagtrail/v1/{tenant}/{cabinet}/{direction}/{name}`. */
export const upTopics = ['hello', 'events', 'state', 'witness'] as const;
export const downTopics = ['committed', 'rulebook', 'custody', 'command', 'checkpoint'] as const;
export type UpTopic = (typeof upTopics)[number];
export type DownTopic = (typeof downTopics)[number];

export interface CabinetAddress {
  readonly tenant: TenantId;
  readonly cabinet: CabinetId;
}

export function upTopic({ tenant, cabinet }: CabinetAddress, name: UpTopic): string {
  return `tagtrail/v1/${tenant}/${cabinet}/up/${name}`;
}

export function downTopic({ tenant, cabinet }: CabinetAddress, name: DownTopic): string {
  return `tagtrail/v1/${tenant}/${cabinet}/down/${name}`;
}

/** The filter by which a cabinet subscribes to everything that comes down to it. */
export function downFilter({ tenant, cabinet }: CabinetAddress): string {
  return `tagtrail/v1/${tenant}/${cabinet}/down/+`;
}

export type ParsedTopic =
  | (CabinetAddress & { readonly direction: 'up'; readonly name: UpTopic })
  | (CabinetAddress & { readonly direction: 'down'; readonly name: DownTopic });

/** The parts of a topic of ours, or undefined for any other text (wildcards included). */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const parts = topic.split('/');
  if (parts.length !== 6) return undefined;
  const [root, version, tenant, cabinet, direction, name] = parts as [string, string, string, string, string, string];
  if (root !== 'tagtrail' || version !== 'v1' || !isId('tenant', tenant) || !isId('cabinet', cabinet)) return undefined;
  if (direction === 'up' && isOneOf(upTopics, name)) return { tenant, cabinet, direction, name };
  if (direction === 'down' && isOneOf(downTopics, name)) return { tenant, cabinet, direction, name };
  return undefined;
}

function isOneOf<T extends string>(list: readonly T[], name: string): name is T {
  return (list as readonly string[]).includes(name);
}
