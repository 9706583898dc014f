import { newId } from '@tagtrail/shared/ids.js';
import { below, chance, pick, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import {
  badgeHashOf,
  badgeKey,
  badgeNumberOf,
  type Conditions,
  type ConsensusCabinet,
  createConsensusCabinet,
  customerEpc,
  type StockItem,
  type Technician,
} from './consensus-cabinet.js';
import { ConsensusClock } from './consensus-clock.js';
import { type Deed, judgeSession, type Verdict } from './consensus-oracle.js';

export interface ConsensusOptions {
  readonly sessions: number;
  readonly seed: string;
  readonly conditions: Conditions;
  /** Only this cabinet of the run, 0-based. */
  readonly cabinet?: number;
  readonly onCabinet?: (progress: ConsensusResult) => void;
  readonly onWrong?: (wrong: Finding) => void;
  readonly onDisputed?: (disputed: Finding) => void;
}

/** One line, or one that is not there, and where to find it again. */
export interface Finding {
  readonly cabinet: number;
  readonly session: number;
  readonly what: string;
}

export interface ConsensusResult {
  readonly sessions: number;
  readonly lines: number;
  readonly wrong: number;
  readonly disputed: number;
  /** From door closed to the lines being recorded, in virtual milliseconds. */
  readonly settledMs: readonly number[];
}

/** A cabinet serves this many sessions, so that what it learns of its tags counts, then the next one begins. */
export const sessionsPerCabinet = 25;
const startWallMs = Date.UTC(2026, 0, 5, 6, 0, 0);

/** Plays sessions in one cabinet after another; each cabinet has its own dice, named by the seed and its number. */
export async function runConsensus(options: ConsensusOptions): Promise<ConsensusResult> {
  let total: ConsensusResult = { sessions: 0, lines: 0, wrong: 0, disputed: 0, settledMs: [] };
  const settledMs: number[] = [];
  const cabinets = Math.ceil(options.sessions / sessionsPerCabinet);
  for (let cabinet = 0; cabinet < cabinets; cabinet++) {
    if (options.cabinet !== undefined && options.cabinet !== cabinet) continue;
    const stage = await openCabinet(seededRandom(`${options.seed}/cabinet-${cabinet}`), options.conditions);
    const sessions = Math.min(sessionsPerCabinet, options.sessions - cabinet * sessionsPerCabinet);
    for (let session = 0; session < sessions; session++) {
      const verdict = await playSession(stage);
      settledMs.push(verdict.settledMs);
      for (const what of verdict.wrong) options.onWrong?.({ cabinet, session, what });
      for (const what of verdict.disputed) options.onDisputed?.({ cabinet, session, what });
      total = {
        sessions: total.sessions + 1,
        lines: total.lines + verdict.lines,
        wrong: total.wrong + verdict.wrong.length,
        disputed: total.disputed + verdict.disputed.length,
        settledMs,
      };
    }
    options.onCabinet?.(total);
  }
  return total;
}

interface Stage {
  readonly clock: ConsensusClock;
  readonly cabinet: ConsensusCabinet;
  readonly people: readonly Technician[];
  readonly random: Random;
  /** Where everything really is. */
  readonly inside: Set<string>;
  readonly held: Set<string>;
}

async function openCabinet(random: Random, conditions: Conditions): Promise<Stage> {
  const clock = new ConsensusClock(startWallMs);
  const dice = random.fork('stock');
  const stock: StockItem[] = Array.from({ length: 20 + below(dice, 30) }, () => ({
    epc: customerEpc(dice),
    antenna: 1 + below(dice, 4),
    shadowed: chance(dice, conditions.shadowedPercent, 100),
  }));
  const nextDoor = Array.from({ length: 30 }, () => customerEpc(dice));
  const people: Technician[] = Array.from({ length: 6 }, (_, index) => ({
    person: newId('person', startWallMs, dice),
    badge: badgeNumberOf(index),
  }));
  const rulebook = rulebookOf({ random: dice, stock, nextDoor, people });
  const cabinet = createConsensusCabinet({ clock, random, conditions, rulebook, stock, nextDoor });
  cabinet.edge.start();
  await clock.until(() => cabinet.edge.session.book.counted, 60_000);
  const inside = new Set(stock.map(({ epc }) => epc));
  return { clock, cabinet, people, random: random.fork('people'), inside, held: new Set() };
}

export function rulebookOf(of: {
  readonly random: Random;
  readonly stock: readonly StockItem[];
  readonly nextDoor: readonly string[];
  readonly people: readonly Technician[];
}): Rulebook {
  const { random, people } = of;
  const item = (epc: string, home: boolean): Rulebook['items'][number] => ({
    asset: newId('asset', startWallMs, random),
    epc,
    name: `Tool ${epc.slice(-4)}`,
    model: null,
    home,
    status: 'available',
    calibrationDueAt: null,
    groups: [],
    heldBy: null,
  });
  return {
    v: 1,
    version: 1,
    tenant: newId('tenant', startWallMs, random),
    cabinet: newId('cabinet', startWallMs, random),
    issuedAt: new Date(startWallMs).toISOString(),
    badgeKey,
    people: people.map(({ person }) => ({
      person,
      displayName: 'Technician',
      language: 'en',
      status: 'active',
      validUntil: null,
      groups: [],
    })),
    badges: people.map(({ person, badge }) => ({
      hash: badgeHashOf(badge),
      person,
      status: 'active',
      validUntil: null,
    })),
    items: [...of.stock.map(({ epc }) => item(epc, true)), ...of.nextDoor.map((epc) => item(epc, false))],
  };
}

/** One person badges, opens, takes and brings back, closes, and reads the receipt. */
async function playSession(stage: Stage): Promise<Verdict & { readonly settledMs: number }> {
  const { clock, cabinet, random, people } = stage;
  const { session: agent } = cabinet.edge;
  const phase = (): string => agent.state.phase.kind;
  await clock.pass(chance(random, 1, 4) ? 70_000 : 2000);
  await clock.until(() => phase() === 'idle', 60_000);
  cabinet.takeEvents();
  const technician = pick(random, people);
  cabinet.badge(technician.badge);
  await clock.until(() => phase() === 'unlocked', 5000);
  cabinet.door('open');
  await clock.pass(1000 + below(random, 3000));
  const deed: Deed = { person: technician.person, ...moveTools(stage) };
  await clock.pass(500 + below(random, 1000));
  const closedAtMs = clock.monotonicMs();
  cabinet.door('closed');
  await clock.until(() => phase() === 'receipt' || phase() === 'idle', 30_000);
  const settledMs = clock.monotonicMs() - closedAtMs;
  const events = cabinet.takeEvents();
  const session = events.find((event) => event.kind === 'session.opened')?.session;
  agent.dispatch({ kind: 'sign_out' });
  if (session === undefined) {
    return { lines: 0, disputed: [], wrong: ['the cabinet did not open for a badge that may open it'], settledMs };
  }
  return { ...judgeSession(session, deed, events), settledMs };
}

/** Moves real tools: out of the cabinet, back into it, or, when nobody looks, into the one next door. */
function moveTools(stage: Stage): Pick<Deed, 'taken' | 'returned'> {
  const { cabinet, random, inside, held } = stage;
  const taken = new Set<string>();
  const returned = new Set<string>();
  for (let i = below(random, 4); i > 0; i--) {
    const epc = pickFrom(random, inside);
    if (epc !== undefined) taken.add(epc);
  }
  for (let i = below(random, 3); i > 0; i--) {
    const epc = pickFrom(random, held);
    if (epc === undefined) continue;
    held.delete(epc);
    if (chance(random, 1, 10)) cabinet.nextDoor.add(epc);
    else returned.add(epc);
  }
  const strayed = chance(random, 1, 10) ? pickFrom(random, cabinet.nextDoor) : undefined;
  if (strayed !== undefined) {
    cabinet.nextDoor.delete(strayed);
    returned.add(strayed);
  }
  for (const epc of taken) {
    inside.delete(epc);
    held.add(epc);
    cabinet.field.place({ epc, inside: false });
  }
  for (const epc of returned) {
    inside.add(epc);
    cabinet.field.place({ epc, inside: true, antenna: 1 + below(random, 4) });
  }
  return { taken, returned };
}

function pickFrom(random: Random, set: ReadonlySet<string>): string | undefined {
  return set.size === 0 ? undefined : pick(random, [...set]);
}
