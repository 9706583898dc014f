import { z } from 'zod';
import { shortText } from '../events/fields.js';
import { deviceRole } from '../events/trace-event.js';
import { deviceHealth, doorState } from '../mqtt/messages.js';
import { page, reference } from './common.js';

export const siteView = z.strictObject({ id: z.string(), name: z.string(), time_zone: z.string() });
export type SiteView = z.infer<typeof siteView>;
export const sitePage = page(siteView);

export const incidentKind = z.enum(['stream_gap', 'clone_suspected']);
export type IncidentKind = z.infer<typeof incidentKind>;

/**
 * A cabinet as the board shows it. `link` is what the cloud knows of the connection: `online`
 * (heard within 25 s), `stale` (connected but silent), `offline` (said so or was cut off) or
 * `never` (has not reported yet). Anything but `online` makes the other fields old news.
 */
export const cabinetView = z.strictObject({
  id: z.string(),
  name: z.string(),
  site: reference,
  link: z.enum(['online', 'stale', 'offline', 'never']),
  /** When it was cut off; nothing of it is taken until it enrols again. */
  revoked_at: z.string().nullable().optional(),
  /** When the cabinet was last heard of. */
  last_seen_at: z.string().nullable(),
  /** Events waiting in the cabinet at that time, and the age of the oldest. */
  pending: z.int().nullable(),
  oldest_pending_at: z.string().nullable(),
  rulebook_version: z.int().nullable(),
  rulebook_wanted: z.int(),
  /** It opens only to two persons. */
  two_person_to_open: z.boolean().optional(),
  devices: z.partialRecord(deviceRole, deviceHealth),
  doors: z.array(z.strictObject({ door: z.int(), state: doorState })),
  /** The cloud's clock minus the cabinet's, measured when the cabinet connected; never used to order anything. */
  clock_offset_ms: z.int().nullable().optional(),
  /** What the cabinet says is wrong with its agent: a full disk, a refused stream, a clock that is off. */
  faults: z.array(z.strictObject({ part: z.string(), fault: z.string(), since: z.string() })).optional(),
  /**
   * What is wrong with what it sends, as long as it lasts: lines that it does not send although it is connected, or
   * signs of a second device with its identity.
   */
  incidents: z.array(z.strictObject({ kind: incidentKind, since: z.string() })).optional(),
  /** How full its disk is. */
  disk: z.strictObject({ used_pct: z.int(), level: z.string() }).nullable().optional(),
  phase: z.string().nullable(),
  /** Who is at the cabinet now. */
  session: z.strictObject({ id: z.string(), person: reference.nullable(), opened_at: z.string() }).nullable(),
  last_session: z
    .strictObject({
      id: z.string(),
      person: reference.nullable(),
      closed_at: z.string(),
      taken: z.int(),
      returned: z.int(),
    })
    .nullable(),
  counts: z.strictObject({
    assigned: z.int(),
    inside: z.int(),
    out: z.int(),
    missing: z.int(),
    disputed: z.int(),
  }),
  /** The last inventory that settled. */
  counted_at: z.string().nullable(),
});
export type CabinetView = z.infer<typeof cabinetView>;
export const cabinetPage = page(cabinetView);

/** `POST /v1/cabinets/{id}/revocation`. */
export const cabinetRevocation = z.strictObject({ reason: shortText.min(1) });

/** `POST /v1/cabinets`: the secret and the key are shown once and never again. */
export const newCabinet = z.strictObject({
  name: z.string().min(1).max(80),
  site_id: z.string(),
  doors: z.int().min(1).max(8).default(1),
});

/** `PATCH /v1/cabinets/{id}`; what is left out stays as it is. */
export const cabinetChange = z
  .strictObject({
    name: z.string().trim().min(1).max(80).optional(),
    two_person_to_open: z.boolean().optional(),
    reason: shortText.min(1).optional(),
  })
  .refine((change) => Object.keys(change).some((name) => name !== 'reason'), 'nothing to change');
