import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { type KioskState, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import { type CommandMessage, stateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { type Agent, createAgent, type UplinkSide } from '../src/agent.js';
import { parseEdgeConfig } from '../src/config.js';
import { anEpc, aRulebook, type MemoryJournal, memoryJournal, rulesInForce } from '../src/testing/builders.js';
import { createScriptedCabinet, type ScriptedCabinetOptions } from '../src/testing/scripted-cabinet.js';

const config = parseEdgeConfig(`
credentials: credentials.json
data: data
kiosk: { port: 0 }
devices:
  uhf: { path: /dev/uhf }
  badge: { path: /dev/badge }
  lock: { path: /dev/lock }
`);

const started: Agent[] = [];

export async function stopAgents(): Promise<void> {
  for (const agent of started.splice(0)) await agent.stop('test over');
}

interface Rig {
  readonly inside?: readonly string[];
  readonly events?: readonly TraceEvent[];
  readonly cabinet?: Partial<ScriptedCabinetOptions>;
  readonly seed?: string;
  readonly journal?: Parameters<typeof memoryJournal>[1];
  /** No network from the start. */
  readonly offline?: boolean;
  readonly log?: Log;
  /** Null for none. */
  readonly rulebook?: ReturnType<typeof aRulebook> | null;
}

/** An agent on a scripted cabinet with a journal in memory, on virtual time. */
export async function startAgent(rig: Rig = {}) {
  const clock = new VirtualClock();
  const random = seededRandom(rig.seed ?? 'agent test');
  const journal = memoryJournal(clock, { ...rig.journal, events: rig.events ?? [] });
  const rules = rulesInForce(rig.rulebook === null ? undefined : (rig.rulebook ?? aRulebook()));
  const cabinet = createScriptedCabinet({ clock, random: random.fork('cabinet'), ...rig.cabinet });
  for (const epc of rig.inside ?? [1, 2, 3, 4, 5].map(anEpc)) cabinet.inside.add(epc);
  let cloud: UplinkSide | undefined;
  const agent = createAgent({
    config,
    identity: { cabinet: 'Cabinet A', site: 'Hangar 1', agentVersion: '0.1.0' },
    journal,
    rules,
    uplink: (side) => {
      cloud = side;
      const since = '2026-01-05T06:00:00.000Z';
      const status = { connected: rig.offline !== true, since };
      return {
        start: () => {},
        stateChanged: () => {},
        status: () => status,
        close: async () => {},
      };
    },
    devices: cabinet.devices,
    kioskDir: null,
    clock,
    random: random.fork('agent'),
    log: rig.log ?? silentLog,
  });
  await agent.start();
  started.push(agent);
  const screen = async (): Promise<KioskState> => {
    const response = await fetch(`${agent.kioskAddress()}/api/state`);
    return kioskState.parse(await response.json());
  };
  const post = async (path: string, body: object = {}) => {
    const response = await fetch(`${agent.kioskAddress()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    ...{ agent, clock, journal, cabinet, rules, screen, post },
    state: () => stateMessage.parse(cloud?.getState()),
    command: (command: CommandMessage) => cloud?.onCommand(command),
    kinds: (from = 0) => journal.events.slice(from).map((event) => event.kind),
    /** Until the first inventory has settled. */
    ready: () => clock.advance(6000),
  };
}

export type Rigged = Awaited<ReturnType<typeof startAgent>>;

/** One visit: badge, open, change the contents, close, wait for the receipt. */
export async function visit(rig: Rigged, change: { badge: string; take?: readonly string[]; put?: readonly string[] }) {
  rig.cabinet.badge(change.badge);
  await rig.clock.advance(500);
  rig.cabinet.door(1, 'open');
  await rig.clock.advance(2000);
  for (const epc of change.take ?? []) rig.cabinet.inside.delete(epc);
  for (const epc of change.put ?? []) rig.cabinet.inside.add(epc);
  await rig.clock.advance(2000);
  rig.cabinet.door(1, 'closed');
  await rig.clock.advance(6000);
}

export function linesOf(journal: MemoryJournal, from = 0) {
  return journal.events
    .slice(from)
    .flatMap((event) =>
      event.kind === 'asset.checked_out' || event.kind === 'asset.returned'
        ? [{ kind: event.kind, epc: event.data.epc, actor: event.actor, disputed: event.data.disputed }]
        : [],
    );
}
