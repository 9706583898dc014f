import { z } from 'zod';
import {
  type AssetId,
  type CabinetId,
  type Id,
  type IdPrefix,
  isId,
  type OrderId,
  type PersonId,
  type SessionId,
  type SiteId,
  type TenantId,
} from '../ids.js';

function typeId<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>, string> {
  return z
    .string()
    .refine((text): text is Id<P> => isId(prefix, text), `not a ${prefix} id`)
    .meta({ examples: [`${prefix}_01jd2v7x5he9vbk4w3zq8n6m2t`] }) as unknown as z.ZodType<Id<P>, string>;
}

export const tenantId: z.ZodType<TenantId, string> = typeId('tenant');
export const siteId: z.ZodType<SiteId, string> = typeId('site');
export const cabinetId: z.ZodType<CabinetId, string> = typeId('cabinet');
export const personId: z.ZodType<PersonId, string> = typeId('person');
export const assetId: z.ZodType<AssetId, string> = typeId('asset');
export const sessionId: z.ZodType<SessionId, string> = typeId('session');
export const orderId: z.ZodType<OrderId, string> = typeId('order');

/** EPC memory as a reader reports it: 4 to 62 bytes, upper-case hex, in whole 16-bit words. */
export const epc = z.string().regex(/^([0-9A-F]{4}){1,31}$/, 'an EPC is upper-case hex in groups of four');

/** An instant in UTC with milliseconds. */
export const instant = z.iso.datetime({ precision: 3 });

export const hex64 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
export const logId = z.string().regex(/^[0-9a-f]{32}$/, '32 lower-case hexadecimal digits');
/**
 * What is counted, and versions that are counted up: no more than a PostgreSQL integer holds, so that no number of a
 * cabinet can stop the statement that writes it.
 */
export const count = z.int().min(0).max(2_000_000_000);
export const sequence = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const shortText = z.string().max(200);
