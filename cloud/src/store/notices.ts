import { z } from 'zod';

/** The channel that tells of new entries; its payload is a `TrailNotice` as JSON. */
export const entryChannel = 'tagtrail_entry';
/** The channel that tells of changed cabinet states; its payload is a `CabinetNotice` as JSON. */
export const cabinetChannel = 'tagtrail_cabinet';

/** Entries `from..to` of a customer (UUID) have been committed. */
export interface TrailNotice {
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
}

/** The states of these cabinets (UUIDs) have changed. */
export interface CabinetNotice {
  readonly tenant: string;
  readonly cabinets: readonly string[];
}

const trail: z.ZodType<TrailNotice> = z.object({ tenant: z.uuid(), from: z.int(), to: z.int() });
const cabinet: z.ZodType<CabinetNotice> = z.object({ tenant: z.uuid(), cabinets: z.array(z.uuid()) });

/** The notice in a payload; undefined for one of another make. */
export function trailNotice(payload: string): TrailNotice | undefined {
  return read(trail, payload);
}

export function cabinetNotice(payload: string): CabinetNotice | undefined {
  return read(cabinet, payload);
}

function read<T>(schema: z.ZodType<T>, payload: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}
