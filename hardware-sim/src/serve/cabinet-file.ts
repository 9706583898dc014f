import { epc, shortText } from '@tagtrail/shared/events/fields.js';
import { z } from 'zod';

/** The devices of a cabinet, by the names that the control and the links use. */
export const deviceNames = ['uhf', 'badge', 'lock'] as const;
export type DeviceName = (typeof deviceNames)[number];

const percent = z.int().min(0).max(100);

/** Ten hexadecimal digits: the version byte and the four tag bytes of an EM4100 badge. */
export const badgeNumber = z
  .string()
  .regex(/^[0-9a-fA-F]{10}$/, 'a badge number has ten hexadecimal digits')
  .transform((digits) => digits.toUpperCase());

const door = z.strictObject({
  id: z.int().min(1).max(8),
  /** Relay that drives its lock and input that its contact is wired to; both 0-based, `id - 1` when left out. */
  relay: z.int().min(0).max(7).optional(),
  contact: z.int().min(0).max(7).optional(),
  /** The bolt catches again after this when nobody opens the door. */
  relockAfterMs: z.int().min(0).max(600_000).default(5000),
  /** How long a door takes from the push of a hand to its frame. */
  swingMs: z.int().min(0).max(60_000).default(400),
});

const tag = z.strictObject({
  epc,
  label: shortText.optional(),
  inside: z.boolean().default(true),
  antenna: z.int().min(1).default(1),
  shadowed: z.boolean().default(false),
});

/** One virtual cabinet: what is built into it, what lies in it, and who has a badge. */
export const cabinetFile = z
  .strictObject({
    name: shortText.min(1, 'a cabinet has a name'),
    seed: z.union([z.int(), z.string()]).default(1),
    antennas: z.int().min(1).max(4).default(4),
    doors: z.array(door).min(1, 'a cabinet has at least one door').max(8),
    tags: z.array(tag).max(2000).default([]),
    badges: z.array(z.strictObject({ number: badgeNumber, label: shortText })).default([]),
    reader: z
      .strictObject({
        readPercent: percent.optional(),
        leakPercent: percent.optional(),
        noiseDb: z.int().min(0).max(20).optional(),
        strayPerRound: z.int().min(0).max(50).optional(),
        neighbourTags: z.array(epc).max(500).optional(),
      })
      .default({}),
    unitId: z.int().min(1).max(247).default(1),
    /** Key of an OSDP badge reader's secure channel; in the clear, or with the well-known key, when left out. */
    osdpKey: z
      .string()
      .regex(/^[0-9a-fA-F]{32}$/, 'a key has 32 hexadecimal digits')
      .optional(),
    /** TCP port of an LLRP reader on 127.0.0.1; any free one when 0. */
    llrpPort: z.int().min(0).max(65_535).default(0),
    /** Families of the devices that are built in. */
    devices: z
      .strictObject({
        uhf: z.enum(['mercury', 'chafon', 'chafon-18', 'm100', 'llrp']).default('mercury'),
        badge: z.enum(['rdm6300', 'ascii', 'osdp']).default('rdm6300'),
        lock: z.enum(['modbus', 'kerong-cu16', 'kerong-cu48']).default('modbus'),
      })
      .prefault({}),
  })
  .superRefine((file, context) => {
    const { uhf } = file.devices;
    if ((uhf === 'm100' || uhf === 'chafon-18') && file.antennas !== 1) {
      context.addIssue({ code: 'custom', path: ['antennas'], message: `an ${uhf} reader has one antenna` });
    }
    for (const [index, { antenna }] of file.tags.entries()) {
      if (antenna > file.antennas) {
        context.addIssue({
          code: 'custom',
          path: ['tags', index, 'antenna'],
          message: `the cabinet has ${file.antennas} antennas`,
        });
      }
    }
    reportTwice(
      file.tags.map(({ epc }) => epc),
      (index) => ['tags', index, 'epc'],
      context,
    );
    reportTwice(
      file.doors.map(({ id }) => id),
      (index) => ['doors', index, 'id'],
      context,
    );
    reportTwice(
      file.doors.map(({ id, relay }) => relay ?? id - 1),
      (index) => ['doors', index, 'relay'],
      context,
    );
    reportTwice(
      file.doors.map(({ id, contact }) => contact ?? id - 1),
      (index) => ['doors', index, 'contact'],
      context,
    );
  });

export type CabinetFile = z.output<typeof cabinetFile>;

function reportTwice(
  values: readonly (string | number)[],
  pathOf: (index: number) => (string | number)[],
  context: z.RefinementCtx,
): void {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) === index) continue;
    context.addIssue({ code: 'custom', path: pathOf(index), message: `${value} is there twice` });
  }
}
