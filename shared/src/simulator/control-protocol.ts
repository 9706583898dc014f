import { z } from 'zod';
import { kioskState } from '../kiosk/kiosk-state.js';

/**
 * What the control of a simulated cabinet tells its page: `GET /state` once, `GET /stream` as
 * server-sent events (`state`, `reads`), `GET /faults`, and `GET /agent/state` for what the agent
 * in front of the cabinet makes of it.
 */
const count = z.int().min(0);

const deviceState = z.strictObject({
  plugged: z.boolean(),
  /** Where a program opens it now; null while it is unplugged. */
  path: z.string().nullable(),
  faults: z.array(z.strictObject({ fault: z.string(), options: z.unknown(), leftMs: z.number().nullable() })),
  counters: z.record(z.string(), count),
});

/** Everything about a cabinet that a person standing in front of it could see, and the counters of its devices. */
export const cabinetState = z.strictObject({
  name: z.string(),
  seed: z.union([z.string(), z.int()]),
  antennas: z.int(),
  doors: z.array(
    z.strictObject({
      id: z.int(),
      open: z.boolean(),
      locked: z.boolean(),
      /** What its contact tells the board. */
      contactClosed: z.boolean(),
      /** The lock is being driven. */
      relayOn: z.boolean(),
    }),
  ),
  tags: z.array(
    z.strictObject({
      epc: z.string(),
      label: z.string(),
      inside: z.boolean(),
      antenna: z.int(),
      shadowed: z.boolean(),
    }),
  ),
  badges: z.array(z.strictObject({ number: z.string(), label: z.string() })),
  devices: z.strictObject({ uhf: deviceState, badge: deviceState, lock: deviceState }),
});
export type CabinetState = z.output<typeof cabinetState>;

export const simulatedDevice = z.enum(['uhf', 'badge', 'lock']);
export type SimulatedDevice = z.output<typeof simulatedDevice>;

export const faultCatalogue = z.array(
  z.strictObject({
    fault: z.string(),
    also: z.array(z.string()),
    sentence: z.string(),
    devices: z.array(simulatedDevice),
    /** JSON Schema of the options. */
    options: z.unknown(),
  }),
);
export type FaultCatalogue = z.output<typeof faultCatalogue>;

/** What the antennas heard since the batch before. Never more than `readsPerBatch`; the rest is only counted. */
export const readsPerBatch = 400;
export const readBatch = z.strictObject({
  reads: z.array(
    z.strictObject({ epc: z.string(), antenna: z.int(), rssiDbm: z.number(), count, agoMs: z.int().min(0) }),
  ),
  /** Heard and left out of `reads`. */
  leftOut: count,
  /** Inventory rounds by antenna, the first antenna first. */
  rounds: z.array(count),
});
export type ReadBatch = z.output<typeof readBatch>;

/** The agent's own screen, and what it shows now; null while the agent does not answer. */
export const agentView = z.strictObject({ kiosk: z.string(), state: kioskState.nullable() });
export type AgentView = z.output<typeof agentView>;
