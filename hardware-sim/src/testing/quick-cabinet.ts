import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { FastifyInstance } from 'fastify';
import type { SimControl } from '../people/sim-control.js';
import { type Cabinet, createCabinet } from '../serve/cabinet.js';
import { cabinetFile } from '../serve/cabinet-file.js';
import type { BuildReader } from '../serve/cabinet-reader.js';
import { stateOf } from '../serve/cabinet-state.js';
import { buildControl } from '../serve/control.js';
import { createMemoryLine, type MemoryLine } from '../serve/memory.js';
import { quietReader } from './quiet-reader.js';

/** A cabinet in memory with its control, for tests on a virtual clock. */
export interface QuickCabinet {
  readonly cabinet: Cabinet;
  readonly app: FastifyInstance;
  /** The control without HTTP in between, so that a virtual clock can drive it. */
  readonly control: SimControl;
  readonly lines: Readonly<Record<'uhf' | 'badge' | 'lock', MemoryLine>>;
}

export function quickCabinet(
  clock: Clock,
  file: Record<string, unknown> = {},
  buildReader?: BuildReader,
): QuickCabinet {
  const parsed = cabinetFile.parse({ name: 'B1', seed: 7, doors: [{ id: 1, swingMs: 0 }], ...file });
  const lines = { uhf: createMemoryLine(), badge: createMemoryLine(), lock: createMemoryLine() };
  const cabinet = createCabinet({
    file: parsed,
    seed: parsed.seed,
    clock,
    random: seededRandom(parsed.seed),
    openPort: { uhf: lines.uhf.openPort, badge: lines.badge.openPort, lock: lines.lock.openPort },
    buildReader: buildReader ?? quietReader,
  });
  cabinet.start();
  const app = buildControl(cabinet, { clock });
  const control: SimControl = {
    state: async () => stateOf(cabinet),
    badge: async (number) => cabinet.badgeReader.present(number, 600),
    openDoor: async (door) => {
      try {
        cabinet.openDoor(door, false);
        return true;
      } catch {
        return false;
      }
    },
    closeDoor: async (door) => cabinet.closeDoor(door),
    placeTag: async (epc, inside) => cabinet.placeTag({ epc, inside }),
  };
  return { cabinet, app, control, lines };
}
