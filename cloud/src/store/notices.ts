import { z } from 'zod';
import type { CabinetNotice, TrailNotice } from './trail.js';

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
