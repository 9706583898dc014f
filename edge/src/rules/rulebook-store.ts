import { canonicalJson } from '@tagtrail/shared/chain/canonical.js';
import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { CustodyFacts } from '@tagtrail/shared/rules/custody-facts.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import type { Disk } from '../journal/disk.js';
import type { Recorder } from '../journal/recorder.js';
import { loadCustody, saveCustody } from './custody-file.js';
import { loadRulebook, saveRulebook } from './rulebook-file.js';
import { indexRulebook, type RulebookIndex } from './rulebook-index.js';
import type { Seal } from './seal.js';

export interface RulebookStoreOptions {
  readonly disk: Disk;
  readonly seal: Seal;
  readonly custodySeal: Seal;
  readonly recorder: Recorder;
  readonly identity: CabinetAddress;
  readonly log: Log;
}

export type RulebookOutcome = 'applied' | 'same_version' | 'older_version' | 'foreign';

export type CustodyOutcome = 'applied' | 'older' | 'foreign';

export interface RulebookStore {
  /** The rulebook in force. */
  current(): RulebookIndex;
  /**
   * Puts a newer rulebook in force and keeps it on the disk; anything else is refused and counted.
   * A disk that refuses does not stop it from being in force until the next restart. Never rejects.
   */
  accept(rulebook: Rulebook): Promise<RulebookOutcome>;
  /**
   * Takes what the cloud knows of who holds what, if it is newer. Kept on the disk once a minute at
   * most: it changes all day, and flash memory wears out. Never rejects.
   */
  acceptCustody(facts: CustodyFacts): Promise<CustodyOutcome>;
  /** Why there is no rulebook although there was one; null when all is well. */
  fault(): string | null;
  counts(): Readonly<Record<RulebookOutcome, number>>;
  onChange(listen: (index: RulebookIndex) => void): void;
}

const custodySavedEveryMs = 60_000;

/** The rules that the cabinet works by, for days without a network. Rejects with AppError `disk.fault`. */
export async function openRulebookStore(options: RulebookStoreOptions): Promise<RulebookStore> {
  const { disk, seal, recorder, identity, log } = options;
  const loaded = await loadRulebook(disk, seal);
  if (loaded.kind === 'loaded' && !loaded.sealed) {
    await saveRulebook(disk, loaded.rulebook, seal).catch((error) => {
      log.error({ error: errorText(error) }, 'rules.rulebook.unsealed');
    });
  }
  let custody = await loadCustody(disk, options.custodySeal);
  let savedMs = custody === undefined ? Number.NEGATIVE_INFINITY : Date.parse(custody.asOf);
  const own = loaded.kind === 'loaded' && isFor(identity, loaded.rulebook);
  let stored = own ? loaded.rulebook : undefined;
  let current = indexRulebook(stored, custody);
  let fault = loaded.kind === 'damaged' ? `the rulebook on the disk cannot be read (${loaded.detail})` : null;
  if (fault !== null) log.error({ fault }, 'rules.rulebook.damaged');
  if (loaded.kind === 'loaded' && !own) log.warn({ version: loaded.rulebook.version }, 'rules.rulebook.foreign');
  const counts: Record<RulebookOutcome, number> = { applied: 0, same_version: 0, older_version: 0, foreign: 0 };
  const listeners: ((index: RulebookIndex) => void)[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const apply = async (rulebook: Rulebook): Promise<RulebookOutcome> => {
    if (!isFor(identity, rulebook)) return 'foreign';
    if (rulebook.version === current.version) return 'same_version';
    if (rulebook.version < current.version) return 'older_version';
    await saveRulebook(disk, rulebook, seal).catch((error) => {
      log.error({ version: rulebook.version, error: errorText(error) }, 'rules.rulebook.unsaved');
    });
    const before = stored;
    stored = rulebook;
    current = indexRulebook(stored, custody);
    fault = null;
    for (const listen of listeners) listen(current);
    if (before !== undefined && rulesOf(before) === rulesOf(rulebook)) return 'applied';
    await recorder
      .record({ kind: 'rulebook.applied', data: { version: rulebook.version } }, 'grouped')
      .catch((error) => {
        log.error({ version: rulebook.version, error: errorText(error) }, 'rules.rulebook.unrecorded');
      });
    return 'applied';
  };

  const applyCustody = async (facts: CustodyFacts): Promise<CustodyOutcome> => {
    if (facts.tenant !== identity.tenant) return 'foreign';
    if (custody !== undefined && facts.asOf <= custody.asOf) return 'older';
    custody = facts;
    current = indexRulebook(stored, custody);
    for (const listen of listeners) listen(current);
    const asOfMs = Date.parse(facts.asOf);
    if (asOfMs - savedMs < custodySavedEveryMs) return 'applied';
    savedMs = asOfMs;
    await saveCustody(disk, facts, options.custodySeal).catch((error) => {
      log.warn({ asOf: facts.asOf, error: errorText(error) }, 'rules.custody.unsaved');
    });
    return 'applied';
  };

  return {
    current: () => current,
    accept: (rulebook) => {
      const outcome = turn.then(() => apply(rulebook));
      turn = outcome;
      return outcome.then((one) => {
        counts[one]++;
        if (one !== 'same_version') log.info({ version: rulebook.version, outcome: one }, 'rules.rulebook.received');
        return one;
      });
    },
    acceptCustody: (facts) => {
      const outcome = turn.then(() => applyCustody(facts));
      turn = outcome;
      return outcome;
    },
    fault: () => fault,
    counts: () => ({ ...counts }),
    onChange: (listen) => {
      listeners.push(listen);
    },
  };
}

/**
 * What a rulebook decides, without its version and without who holds what at the moment: that part
 * changes with every take in the house, and a line in the trail for each would drown the others.
 */
function rulesOf(rulebook: Rulebook): string {
  const items = rulebook.items.map((item) => ({ ...item, heldBy: null }));
  return canonicalJson({ ...rulebook, version: 0, issuedAt: '', items });
}

function isFor(identity: CabinetAddress, rulebook: Rulebook): boolean {
  return rulebook.tenant === identity.tenant && rulebook.cabinet === identity.cabinet;
}
