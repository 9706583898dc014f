import type { RecordedEvent, RunRecord } from '../checkers/run-record.js';
import type { JournalCopy } from './edge-machine.js';
import { fineWeather } from './network.js';
import { netMoves } from './oracle.js';
import type { World } from './world.js';

export interface Peaks {
  diskBytes: number;
  pending: number;
}

/** What waits must arrive within this once all is well: the longest pause between two attempts, and the counting. */
const quietWithinMs = 240_000;
/** A cabinet finds its devices and counts itself again after trouble; the last word may take this long. */
const restWithinMs = 120_000;
/** It must have been at rest for so long. */
const atRestForMs = 4_000;

/** Ends every fault, lets the world come to rest, stops the agent and writes down how things stand. */
export async function endRun(world: World, peaks: Peaks): Promise<RunRecord> {
  const { cabinet, clock, cloud, machine, network } = world;
  cabinet.faults.endAll();
  network.setWeather(fineWeather);
  network.setBrokerUp(true);
  cloud.setUp(true);
  machine.disk.limitTo(null);
  machine.disk.refuseSyncs(0);
  machine.disk.shortenWrites(null);
  world.browser.steady();
  await world.powerOn();
  if (cabinet.doors().some((door) => door.isOpen())) world.closeDoors();
  await comeToRest(world);
  let delivered = machine.pending() === 0;
  for (let waitedMs = 0; !delivered && waitedMs < quietWithinMs; waitedMs += 1_000) {
    await clock.advance(1_000);
    delivered = machine.pending() === 0;
  }
  const stopped = machine.stop();
  let over = false;
  void stopped.then(() => {
    over = true;
  });
  await clock.advanceUntil(() => over, 60_000);
  await clock.advance(1_000);
  const journal = await machine.readJournal();
  cabinet.close();
  const looks = world.browser.looks;
  const record = recordOf(world, wholeJournal(journal, machine.events));
  return { ...record, ...auditOf(world, journal), delivered, peaks, looks };
}

/** Until all devices are well, nobody is at the screen, and nothing has been recorded for a while. */
async function comeToRest({ clock, machine }: World): Promise<void> {
  let calmMs = 0;
  let recorded = -1;
  for (let waitedMs = 0; waitedMs < restWithinMs && calmMs < atRestForMs; waitedMs += 500) {
    await clock.advance(500);
    const screen = machine.screen();
    const isCalm = screen?.phase === 'idle' && screen.faults.length === 0 && machine.events.length === recorded;
    recorded = machine.events.length;
    calmMs = isCalm ? calmMs + 500 : 0;
  }
}

/** What the journal has let go is known from the moment when it was durable. */
function wholeJournal(journal: JournalCopy, seen: World['machine']['events']): RunRecord['journal'] {
  const trimmed = (journal.events[0]?.seq ?? journal.last + 1) - 1;
  const gone = seen.map(({ event }) => event).filter(({ seq }) => seq <= trimmed);
  return { ...journal, events: [...gone, ...journal.events], trimmed };
}

function recordOf(
  world: World,
  journal: RunRecord['journal'],
): Omit<RunRecord, 'delivered' | 'peaks' | 'audit' | 'subjects' | 'looks'> {
  const { cast, cloud, oracle, cabinet, machine } = world;
  const listed = lastInventory(journal.events);
  const names = new Map(cast.people.map(({ id, name }) => [id, name]));
  return {
    tenant: cast.tenant.id,
    committed: cloud.entries,
    streams: cloud.streams(),
    journal,
    accepted: machine.events.map(({ logId, event }) => ({ logId, seq: event.seq, kind: event.kind })),
    answers: cloud.answers,
    visits: oracle.visits,
    moves: netMoves(oracle.visits),
    covered: oracle.covered,
    people: new Map(cast.people.map(({ name, person }) => [name, person])),
    quarantined: cloud.quarantine,
    tools: cast.tools.map(({ id, name, epc }) => {
      const custody = cloud.custody().of(id);
      const { state, holder, disputed } = custody ?? {};
      return {
        ...{ name, epc, inside: cabinet.field.tag(epc)?.inside ?? false, listed: listed.get(epc) },
        custody:
          state === undefined
            ? undefined
            : { state, holder: names.get(holder ?? '') ?? null, disputed: disputed === true },
      };
    }),
  };
}

function auditOf({ cast, cloud }: World, { witnessed }: JournalCopy): Pick<RunRecord, 'audit' | 'subjects'> {
  const { lines, checkpoints, cosigned, refusedCosignatures } = cloud.audit;
  const copies = witnessed === undefined ? cosigned : [...cosigned, witnessed];
  const subjects = cast.people.flatMap(({ name, id, person, badge, pin }) => {
    const traces = [
      id,
      person,
      badge,
      cast.badgeHashOf(badge),
      ...(pin === null ? [] : [cast.numberHashOf(pin.number)]),
    ];
    return traces.map((trace) => ({ name, trace }));
  });
  return { audit: { lines, checkpoints, copies, refusedCosignatures }, subjects };
}

/** What the newest inventory says of each tag. */
function lastInventory(events: readonly RecordedEvent[]): ReadonlyMap<string, 'present' | 'doubtful' | 'missing'> {
  const last = [...events].reverse().find(({ kind }) => kind === 'inventory.settled');
  const found = new Map<string, 'present' | 'doubtful' | 'missing'>();
  for (const list of ['present', 'doubtful', 'missing'] as const) {
    for (const epc of (last?.data[list] as readonly string[] | undefined) ?? []) found.set(epc, list);
  }
  return found;
}
