import { createHash } from 'node:crypto';
import { buildRulebook } from '@tagtrail/cloud/rulebooks/build-rulebook.js';
import type { BadgeFacts, RulebookFacts } from '@tagtrail/cloud/rulebooks/rulebook-facts.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { Cast } from './cast.js';
import type { Custody } from './custody-ledger.js';

/** Makes the cabinet's rulebook out of what the cloud knows, a new version whenever it says something else. */
export interface RulebookIssuer {
  /** After a change of custody: several in a row make one version. */
  request(): void;
  /** A cabinet has said which version it has. */
  heard(version: number): void;
  /** Publishes the current one, as after a restart of the broker. */
  publish(): void;
  /** Somebody at the dashboard changes a badge. */
  setBadge(person: string, status: BadgeFacts['status']): void;
  /** From now on the tool, by its name, is taken only by two. */
  setTwoPerson(tool: string): void;
  version(): number;
}

const afterCustodyMs = 1_000;

const notice: RulebookFacts['notice'] = {
  version: 1,
  text: { en: 'What this cabinet knows of you.', fr: 'Ce que cette armoire sait de vous.' },
  changes: { en: ['Receipts are kept for 90 days.'], fr: ['Les reçus sont conservés 90 jours.'] },
  contact: 'the privacy officer',
};

export function createRulebookIssuer(options: {
  readonly cast: Cast;
  readonly clock: Clock;
  custody(asset: string): Custody | undefined;
  isReported(asset: string): boolean;
  publish(rulebook: Rulebook): void;
}): RulebookIssuer {
  const { cast, clock } = options;
  const badges = new Map(cast.people.map((person) => [person.name, person.badgeStatus]));
  const twoPerson = new Set<string>();
  let current: Rulebook | undefined;
  let digest = '';
  let isDue = false;

  const refresh = (): boolean => {
    const body = buildRulebook(factsOf(options, { badges, twoPerson }), {
      ...{ id: cast.cabinet.id, timeZone: 'UTC', twoPersonToOpen: false },
    });
    const next = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    if (next === digest) return false;
    digest = next;
    current = { ...body, version: (current?.version ?? 0) + 1, issuedAt: wallIso(clock) };
    return true;
  };
  const publish = (): void => {
    refresh();
    if (current !== undefined) options.publish(current);
  };

  return {
    request: () => {
      if (isDue) return;
      isDue = true;
      clock.startTimer('rulebooks', afterCustodyMs, () => {
        isDue = false;
        if (refresh() && current !== undefined) options.publish(current);
      });
    },
    heard: (version) => {
      refresh();
      if (current !== undefined && version !== current.version) options.publish(current);
    },
    publish,
    setBadge: (person, status) => {
      badges.set(person, status);
      publish();
    },
    setTwoPerson: (tool) => {
      twoPerson.add(tool);
      publish();
    },
    version: () => current?.version ?? 0,
  };
}

/** What the dashboard changed since the cast was made. */
interface Changes {
  readonly badges: ReadonlyMap<string, BadgeFacts['status']>;
  readonly twoPerson: ReadonlySet<string>;
}

function factsOf(
  { cast, custody, isReported }: Parameters<typeof createRulebookIssuer>[0],
  { badges, twoPerson }: Changes,
): RulebookFacts {
  return {
    tenant: cast.tenant.id,
    badgeKey: cast.badgeKey,
    calibrationWarnDays: 0,
    ...{ grants: [], kits: [], notice },
    orders: cast.orders.map(({ id, number }) => ({ id, number, title: null, personIds: null, cabinetIds: null })),
    people: cast.people.map(({ id, name, language, status, groups, validUntil, pin }) => ({
      ...{ id, displayName: name, language, status, validUntil, groups, licences: [], seesHolders: false },
      pin: pin && { numberHash: cast.numberHashOf(pin.number), salt: pin.salt, pinHash: pin.hash },
    })),
    badges: cast.people.map(({ id, name, badge }) => ({
      personId: id,
      hash: cast.badgeHashOf(badge),
      status: badges.get(name) ?? 'active',
      validUntil: null,
      issuedAt: '2026-01-01T00:00:00.000Z',
    })),
    items: cast.tools.map((tool) => {
      const known = custody(tool.id);
      return {
        ...{ id: tool.id, epc: tool.epc, name: tool.name, model: null, homeCabinetId: cast.cabinet.id },
        status: isReported(tool.id) ? 'quarantine' : tool.status,
        ...{ calibrationDueAt: tool.calibrationDueAt, groups: tool.groups, inspectedAt: null },
        ...{ licences: [], twoPerson: twoPerson.has(tool.name), place: null },
        out: known?.state === 'out' ? { holderId: known.holder, since: known.since } : null,
      };
    }),
  };
}
