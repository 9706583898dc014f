import { parseEdgeConfig } from '@tagtrail/edge/config.js';
import { createBadgeReader, createLockBoard, createUhfReader } from '@tagtrail/edge/device-drivers.js';
import { indexRulebook } from '@tagtrail/edge/rules/rulebook-index.js';
import type { OpenLinkAt } from '@tagtrail/edge/serial/open-link.js';
import { emptyBook } from '@tagtrail/edge/session/book.js';
import { createCabinet as createEdgeCabinet } from '@tagtrail/edge/session/cabinet.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { newId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { wallIso } from '@tagtrail/shared/time/clock.js';
import type { AirTimes } from '../devices/uhf-reader/reader-model.js';
import { createUhfReaderDevice } from '../devices/uhf-reader/uhf-reader-device.js';
import { createCabinet } from '../serve/cabinet.js';
import { cabinetFile, type DeviceName } from '../serve/cabinet-file.js';
import type { BuildReader } from '../serve/cabinet-reader.js';
import { createMemoryLine } from '../serve/memory.js';
import { rulebookOf } from './consensus.js';
import { badgeNumberOf, customerEpc } from './consensus-cabinet.js';
import { ConsensusClock } from './consensus-clock.js';

export interface SettleOptions {
  readonly tags: number;
  readonly seed: string;
  readonly sessions: number;
  readonly baudRate: number;
  readonly air: AirTimes;
}

/** One session: what a person did, and how long the cabinet took to say so. */
export interface SettledSession {
  readonly taken: number;
  readonly returned: number;
  /** From the door contact that closed to the receipt on the screen, in virtual milliseconds. */
  readonly settledMs: number;
  readonly rounds: number;
  readonly lines: number;
  readonly disputed: number;
}

const startWallMs = Date.UTC(2026, 0, 5, 6, 0, 0);

/**
 * Sessions in a full cabinet, in virtual time, with everything that takes time in between: the
 * air, the bytes on lines of that speed, the real drivers, the counting. In turn nothing moves, one
 * tool is taken, it comes back.
 */
export async function runSettle(options: SettleOptions): Promise<readonly SettledSession[]> {
  const stage = openStage(options);
  const { clock, cabinet, edge, epcs } = stage;
  cabinet.start();
  edge.start();
  const phase = (): string => edge.session.state.phase.kind;
  await clock.until(() => edge.session.book.counted && phase() === 'idle', 60_000);
  // The cabinet looks at itself a few times before anybody comes, and learns its tags.
  await clock.pass(200_000);
  const results: SettledSession[] = [];
  let held: string | undefined;
  for (let session = 0; session < options.sessions; session++) {
    await clock.until(() => phase() === 'idle', 60_000);
    await clock.pass(2000);
    stage.events.length = 0;
    cabinet.badgeReader.present(badgeNumberOf(0), 600);
    await clock.until(() => phase() === 'unlocked', 10_000);
    await clock.pass(500);
    cabinet.openDoor(1, false);
    await clock.pass(3000);
    const returned = session % 3 === 2 && held !== undefined ? held : undefined;
    if (returned !== undefined) cabinet.placeTag({ epc: returned, inside: true });
    const taken = session % 3 === 1 ? epcs[below(stage.random, epcs.length)] : undefined;
    if (taken !== undefined) cabinet.placeTag({ epc: taken, inside: false });
    held = taken ?? (returned === undefined ? held : undefined);
    await clock.pass(1000);
    const closedAtMs = clock.monotonicMs();
    cabinet.closeDoor(1);
    await clock.until(() => phase() === 'receipt', 30_000);
    const lines = stage.events.filter(({ kind }) => kind === 'asset.checked_out' || kind === 'asset.returned');
    const settled = stage.events.find((event) => event.kind === 'inventory.settled');
    results.push({
      taken: taken === undefined ? 0 : 1,
      returned: returned === undefined ? 0 : 1,
      settledMs: Math.round(clock.monotonicMs() - closedAtMs),
      rounds: settled?.kind === 'inventory.settled' ? settled.data.rounds : 0,
      lines: lines.length,
      disputed: lines.filter((line) => 'disputed' in line.data && line.data.disputed).length,
    });
    edge.session.dispatch({ kind: 'sign_out' });
  }
  await edge.stop();
  cabinet.close();
  return results;
}

/** The simulated cabinet, the agent's drivers on the other end of its lines, and the agent's session. */
function openStage(options: SettleOptions) {
  const random = seededRandom(`${options.seed}/settle`);
  const clock = new ConsensusClock(startWallMs);
  const epcs = Array.from({ length: options.tags }, () => customerEpc(random));
  const people = [{ person: newId('person', startWallMs, random), badge: badgeNumberOf(0) }];
  const stock = epcs.map((epc) => ({ epc, antenna: 1 + below(random, 4), shadowed: false }));
  const rules = indexRulebook(rulebookOf({ random, stock, nextDoor: [], people }));
  const lines = { uhf: createMemoryLine(), badge: createMemoryLine(), lock: createMemoryLine() };
  const buildReader: BuildReader = (parts) => {
    const device = createUhfReaderDevice({ ...parts, times: options.air, baudRate: options.baudRate });
    return { ...device, counters: () => ({}), connectAntenna: () => {}, close: device.reader.close };
  };
  const cabinet = createCabinet({
    file: cabinetFile.parse({ name: 'B1', doors: [{ id: 1, swingMs: 0 }], tags: stock }),
    ...{ seed: options.seed, clock, random: random.fork('cabinet'), buildReader },
    openPort: { uhf: lines.uhf.openPort, badge: lines.badge.openPort, lock: lines.lock.openPort },
  });
  const config = parseEdgeConfig(
    `{ credentials: none, data: none, devices: { uhf: { path: uhf, baudRate: ${options.baudRate} }, badge: { path: badge }, lock: { path: lock } } }`,
  );
  const events: TraceEvent[] = [];
  const parts = (device: DeviceName) => ({
    openLink: ((): ReturnType<OpenLinkAt> => lines[device].openLink()) satisfies OpenLinkAt,
    ...{ clock, random: random.fork(device), log: silentLog },
  });
  const edge = createEdgeCabinet({
    ...{ config, book: emptyBook, recovered: null, clock, random: random.fork('agent'), log: silentLog },
    devices: {
      uhf: (listener) => createUhfReader(config.devices.uhf, { ...parts('uhf'), listener }),
      badge: (listener) => createBadgeReader(config.devices.badge, { ...parts('badge'), listener }),
      lock: (listener) => createLockBoard(config.devices.lock, { ...parts('lock'), listener }),
    },
    recorder: {
      record: async (draft: TraceDraft) => {
        const stamp = { seq: events.length + 1, at: wallIso(clock), mono: 0, boot: '0011223344556677' };
        const event: TraceEvent = { ...draft, ...stamp };
        events.push(event);
        return event;
      },
    },
    rules: () => rules,
    onChange: () => {},
  });
  return { clock, cabinet, edge, epcs, events, random: random.fork('people') };
}
