import type { KioskFound } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { RulebookItem, RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import type { Surroundings } from '../session/session-state.js';
import { mayTake } from '../session/take-authority.js';

type FindSources = Pick<Surroundings, 'book' | 'memory' | 'rules' | 'wallMs'>;

const mostFound = 20;

/**
 * Items whose name or model has every word that was typed. Those that may be taken here come
 * first, so that the answer to "unit 7 is out of calibration" is the next unit.
 */
export function findItems(text: string, person: RulebookPerson | null, sources: FindSources): KioskFound[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: KioskFound[] = [];
  for (const item of sources.rules.rulebook?.items ?? []) {
    const known = fold(`${item.name} ${item.model ?? ''}`);
    if (words.every((word) => known.includes(word))) found.push(foundItem(item, person, sources));
  }
  return found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)).slice(0, mostFound);
}

function rank(found: KioskFound): number {
  if (found.where === 'inside') return found.forbidden === null ? 0 : 1;
  return found.where === 'out' ? 2 : 3;
}

function foundItem(item: RulebookItem, person: RulebookPerson | null, sources: FindSources): KioskFound {
  const { book, memory, rules } = sources;
  const own = book.items.get(item.epc);
  const verdict = person === null ? null : mayTake({ person, item, witnessed: true }, sources);
  const holder = own?.standing === 'out' ? own.takenBy : (item.heldBy?.person ?? null);
  const isOut = own === undefined ? item.heldBy !== null : own.standing === 'out';
  const mayKnow = person !== null && (person.seesHolders === true || holder === person.person);
  return {
    epc: item.epc,
    name: item.name,
    model: item.model,
    where: whereIs(item, own?.standing),
    since: isOut ? (own?.since ?? item.heldBy?.since ?? null) : null,
    holder: isOut && mayKnow && holder !== null ? (rules.personOf(holder)?.displayName ?? null) : null,
    forbidden:
      verdict?.allowed === false ? verdict.refusal : notForAnybody(item, memory.reported.has(item.epc), sources),
    calibrationDueAt: item.calibrationDueAt,
  };
}

function whereIs(item: RulebookItem, standing: 'inside' | 'out' | 'missing' | undefined): KioskFound['where'] {
  if (standing !== undefined) return standing;
  if (item.heldBy !== null) return 'out';
  return item.home ? 'missing' : 'elsewhere';
}

/** What nobody may take is said to everybody; rights of single people are not. */
function notForAnybody(item: RulebookItem, reported: boolean, sources: FindSources): KioskFound['forbidden'] {
  const since = item.calibrationDueAt;
  if (item.status !== 'available') return { reason: item.status, reasonName: null, reasonSince: null };
  if (since !== null && Date.parse(since) <= sources.wallMs) {
    return { reason: 'calibration_overdue', reasonName: null, reasonSince: since };
  }
  const at = reported ? (sources.memory.reported.get(item.epc)?.at ?? null) : null;
  if (at === null || (item.inspectedAt != null && item.inspectedAt > at)) return null;
  return { reason: 'reported', reasonName: null, reasonSince: at };
}

/** Without accents and case: a glove on a touch keyboard has neither. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
