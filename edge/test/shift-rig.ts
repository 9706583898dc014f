import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { downTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { pinNumberText } from '@tagtrail/shared/rules/rulebook.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { assembleEdge } from '../src/assemble-edge.js';
import { parseEdgeConfig } from '../src/config.js';
import type { KioskServerOptions } from '../src/kiosk/kiosk-server.js';
import { hashPin } from '../src/rules/pin-hash.js';
import { aBadgeNumber, anEpc, anItem, aPerson, aRulebook } from '../src/testing/builders.js';
import { anAddress } from '../src/testing/journal-fixtures.js';
import { createMemoryBroker } from '../src/testing/memory-broker.js';
import { createScriptedCabinet, type ScriptedCabinet } from '../src/testing/scripted-cabinet.js';
import { createScriptedCloud } from '../src/testing/scripted-cloud.js';
import { createSimulatedDisk } from '../src/testing/simulated-disk.js';

export const staff = [1, 2, 3, 4, 5, 6];
export const tools = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(anEpc);
/** What the first of the staff types when the badge is at home. */
export const pinOfFirst = { number: '17', pin: '2580' };

const devices = '{ uhf: { path: a }, badge: { path: b }, lock: { path: c } }';
const config = parseEdgeConfig(`{ credentials: c, data: d, devices: ${devices} }`);
const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/**
 * The whole agent on devices that do what the test says, without their bytes: journal and rulebook on
 * disks whose power can be cut, an uplink whose broker can be away. One virtual clock runs through all of it.
 */
export async function createShiftRig(random: Random) {
  const clock = new VirtualClock();
  const broker = createMemoryBroker();
  const cloud = createScriptedCloud(broker);
  const rulebook = await aShiftRulebook();
  const inside = new Set(tools);
  const told: TraceEvent[] = [];
  let disks = { journal: createSimulatedDisk(), rules: createSimulatedDisk() };
  let boots = 0;
  let boot: Boot | undefined;
  let doorIsOpen = false;
  let unlocksUsed = 0;

  const powerOn = async (): Promise<void> => {
    const dice = random.fork(`boot/${boots++}`);
    unlocksUsed = 0;
    boot = await startBoot({ clock, disks, broker, dice, inside, doorIsOpen, told });
  };
  const running = (): Boot => {
    if (boot === undefined) throw new Error('the cabinet is off');
    return boot;
  };
  const screen = (): KioskState => running().screen.state();
  return {
    ...{ clock, broker, cloud, inside, told, screen, powerOn },
    giveRulebook: () => broker.deliver(downTopic(anAddress, 'rulebook'), JSON.stringify(rulebook)),
    powerOff: () => {
      running().die();
      boot = undefined;
      const dice = random.fork(`cut/${boots}`);
      disks = { journal: disks.journal.crash(dice), rules: disks.rules.crash(dice) };
    },
    badge: (number: number) => running().cabinet.badge(aBadgeNumber(number)),
    /** Types a PIN; it is hashed outside the virtual time, which stands still until the agent has gone on. */
    typePin: async (pin: string) => {
      const { screen: kiosk, nextShown } = running();
      let given: unknown;
      const answer = Promise.resolve(kiosk.desk?.pin({ number: pinOfFirst.number, pin })).then((one) => {
        given = one;
      });
      await Promise.race([nextShown(), answer]);
      for (let waitedMs = 0; given === undefined && waitedMs < 1_000; waitedMs += 10) await clock.advance(10);
      return given;
    },
    /** Pulls at the door; false when it is locked. */
    pull: (): boolean => {
      const { cabinet } = running();
      if (cabinet.unlocks.length === unlocksUsed) return false;
      unlocksUsed = cabinet.unlocks.length;
      doorIsOpen = true;
      cabinet.door(1, 'open');
      return true;
    },
    close: () => {
      doorIsOpen = false;
      boot?.cabinet.door(1, 'closed');
    },
    until: async (phases: readonly KioskState['phase'][], atMostMs = 60_000): Promise<string> => {
      for (let waitedMs = 0; !phases.includes(screen().phase) && waitedMs < atMostMs; waitedMs += 250) {
        await clock.advance(250);
      }
      return screen().phase;
    },
    stop: () => running().stop(),
  };
}

export type ShiftRig = Awaited<ReturnType<typeof createShiftRig>>;

interface Boot {
  readonly cabinet: ScriptedCabinet;
  readonly screen: KioskServerOptions;
  nextShown(): Promise<void>;
  die(): void;
  stop(): Promise<void>;
}

async function startBoot(place: {
  readonly clock: VirtualClock;
  readonly disks: {
    readonly journal: ReturnType<typeof createSimulatedDisk>;
    readonly rules: ReturnType<typeof createSimulatedDisk>;
  };
  readonly broker: ReturnType<typeof createMemoryBroker>;
  readonly dice: Random;
  readonly inside: Set<string>;
  readonly doorIsOpen: boolean;
  /** Every event, once the agent was told that it is durable. */
  readonly told: TraceEvent[];
}): Promise<Boot> {
  const { told, dice, disks, broker } = place;
  const { clock, die } = createBootClock(place.clock);
  const { inside } = place;
  const cabinet = createScriptedCabinet({ clock, random: dice.fork('cabinet'), missedPerMille: 50, inside });
  if (place.doorIsOpen) cabinet.door(1, 'open');
  let screen: KioskServerOptions | undefined;
  const watchers: (() => void)[] = [];
  const edge = await assembleEdge({
    ...{ config, clock, random: dice.fork('edge'), log: silentLog, disks, agentVersion: '0.1.0' },
    ...{ devices: cabinet.devices, transport: broker.transport, kioskDir: null, segmentBytes: 64 * 1024 },
    credentials: {
      ...anAddress,
      name: 'Cabinet A',
      site: 'Hangar',
      mqttUrl: 'mqtt://none',
      secret: 'none',
      signingKey,
    },
    openKiosk: (kiosk) => {
      screen = kiosk;
      const publish = (): void => {
        for (const shown of watchers.splice(0)) shown();
      };
      return { start: async () => 'in memory', publish, close: async () => {} };
    },
  });
  let turn = Promise.resolve();
  const read = async (): Promise<void> => {
    for await (const event of edge.journal.replay((told.at(-1)?.seq ?? 0) + 1)) told.push(event);
  };
  const soon = (): void => {
    turn = turn.then(read);
  };
  edge.journal.onAppended(soon);
  soon();
  if (screen === undefined) throw new Error('the agent shows nothing');
  return {
    ...{ cabinet, screen, die },
    nextShown: () => new Promise((resolve) => watchers.push(resolve)),
    stop: () => edge.stop('test over'),
  };
}

/** The clock of one machine from power-on to its end: after that none of its timers fires. */
function createBootClock(world: VirtualClock): { readonly clock: Clock; die(): void } {
  const bootMs = world.monotonicMs();
  let isDead = false;
  return {
    die: () => {
      isDead = true;
    },
    clock: {
      monotonicMs: () => world.monotonicMs() - bootMs,
      wallMs: () => world.wallMs(),
      startTimer: (name, delayMs, fire) =>
        world.startTimer(name, delayMs, () => {
          if (!isDead) fire();
        }),
    },
  };
}

async function aShiftRulebook() {
  const badgeKey = '0'.repeat(64);
  const numberHash = createHmac('sha256', Buffer.from(badgeKey, 'hex'))
    .update(pinNumberText(pinOfFirst.number))
    .digest('hex');
  const pin = { numberHash, ...(await hashPin(pinOfFirst.pin, Buffer.alloc(16, 7))) };
  const people = staff.map((number) => aPerson(number, number === 1 ? { pin } : {}));
  return aRulebook({ ...anAddress, people, badgeKey, items: tools.map((_, index) => anItem(index + 1)) });
}
