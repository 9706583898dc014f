import { createHash, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson, type Json } from '../chain/canonical.js';
import { cloudEventData } from '../events/cloud-event.js';
import { personId } from '../events/fields.js';
import { traceEvent } from '../events/trace-event.js';
import { type LeafLine, leafData, leafOfEntry, type SealedLine, sealEntry } from './entry-leaf.js';
import type { Hashing } from './hashing.js';
import { isPersonalDataField } from './personal-fields.js';

const hashing: Hashing = {
  sha256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  hmacSha256: (key, data) => new Uint8Array(createHmac('sha256', key).update(data).digest()),
};
const newSalt = (): Uint8Array => new Uint8Array(randomBytes(32));

const line: LeafLine = {
  tenant: '018f0000-0000-7000-8000-000000000001',
  index: 41,
  recordedAt: '2026-01-05T06:00:01.000Z',
  occurredAt: '2026-01-05T06:00:00.000Z',
  effectiveAt: '2026-01-05T06:00:00.000Z',
  kind: 'asset.returned',
  category: 'custody',
  source: 'cabinet',
  status: 'accepted',
  site: null,
  cabinet: '018f0000-0000-7000-8000-000000000002',
  asset: '018f0000-0000-7000-8000-000000000003',
  session: null,
  order: null,
  logId: 'a'.repeat(32),
  seq: 7,
  actor: '018f0000-0000-7000-8000-000000000004',
  counterpart: '018f0000-0000-7000-8000-000000000005',
  chain: 'b'.repeat(64),
  origin: { boot: 'c'.repeat(16), mono: 5 },
  data: { epc: 'E280', takenBy: 'person_1', nested: { z: 1, a: [null, true] } },
};
const sealed = (of: LeafLine = line): SealedLine & { leaf: Uint8Array } => ({
  ...of,
  ...sealEntry(hashing, of, newSalt),
});

describe('the leaf of an entry', () => {
  it('is the RFC 6962 leaf of canonical JSON without what is personal', () => {
    const { leaf, commitments } = sealed();
    const { actor: _a, counterpart: _b, chain: _c, origin: _d, data, ...rest } = line;
    const { takenBy: _e, ...impersonal } = data;
    const content = `audit/v1\n${canonicalJson({ ...rest, commitments, data: impersonal } as unknown as Json)}`;
    expect(leafData(line, commitments)).toBe(content);
    expect(Buffer.from(leaf).toString('hex')).toBe(createHash('sha256').update(`\0${content}`).digest('hex'));
    expect(Object.keys(commitments).sort()).toEqual(['actor', 'chain', 'counterpart', 'data.takenBy', 'origin']);
    for (const personal of ['000000000004', '000000000005', 'bbbbb', 'ccccc', 'person_1']) {
      expect(content).not.toContain(personal);
    }
  });

  it('commits with HMAC-SHA-256 over the name and the value', () => {
    const { salts, commitments } = sealed();
    const key = Buffer.from(salts?.['actor'] ?? '', 'base64');
    const mac = createHmac('sha256', key).update(`audit/v1/field\0actor\0"${line.actor}"`).digest('base64');
    expect(commitments['actor']).toBe(mac);
  });

  it('stays the same when what is personal is taken out', () => {
    const whole = sealed();
    const { takenBy: _, ...data } = line.data;
    const gone = { ...whole, actor: null, counterpart: null, chain: null, origin: null, data, salts: null };
    expect(leafOfEntry(hashing, whole)).toMatchObject({ ok: true, leaf: whole.leaf, redacted: false });
    expect(leafOfEntry(hashing, gone)).toMatchObject({ ok: true, leaf: whole.leaf, redacted: true });
  });

  it.each([
    ['another person', { actor: '018f0000-0000-7000-8000-000000000009' }, 'commitment_differs', 'actor'],
    ['a person where none was', { data: { ...line.data, beside: 'person_2' } }, 'commitment_missing', 'data.beside'],
    ['a value without its salt', { salts: null }, 'salt_missing', 'actor'],
  ] as const)('does not open for %s', (_what, change, problem, field) => {
    expect(leafOfEntry(hashing, { ...sealed(), ...change })).toEqual({ ok: false, field, problem });
  });

  it('differs for every change of anything that stays', () => {
    const whole = sealed();
    const names = Object.keys(line).filter(
      (name) => !['actor', 'counterpart', 'chain', 'origin', 'data'].includes(name),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        const value = line[name as keyof LeafLine];
        const edited = typeof value === 'number' ? value + 1 : `${String(value)}x`;
        const answer = leafOfEntry(hashing, { ...whole, [name]: edited });
        expect(answer.ok && Buffer.from(answer.leaf).equals(whole.leaf)).toBe(false);
      }),
    );
    const answer = leafOfEntry(hashing, { ...whole, data: { ...line.data, epc: 'E281' } });
    expect(answer.ok && Buffer.from(answer.leaf).equals(whole.leaf)).toBe(false);
  });

  it('covers a member with the name of the prototype, which an object would swallow', () => {
    const whole = sealed();
    const data = JSON.parse(`{"__proto__":"smuggled",${JSON.stringify(line.data).slice(1)}`);
    const answer = leafOfEntry(hashing, { ...whole, data });
    expect(answer.ok && Buffer.from(answer.leaf).equals(whole.leaf)).toBe(false);
  });

  it('says the canonical JSON of the data with the people in it', () => {
    const answer = leafOfEntry(hashing, sealed());
    expect(answer.ok && answer.dataText).toBe(canonicalJson(line.data));
  });
});

describe('the list of personal fields', () => {
  /** Words in a member's name that say that it points at a person or holds typed words. */
  const telling = /person|holder|badge|beside|witness|takenBy|^from$|^by$|numberHash|email|^note$/i;

  function membersOf(kind: string, data: z.ZodObject): string[] {
    return Object.entries(data.shape).flatMap(([name, schema]) => {
      const points = schema === personId || (schema instanceof z.ZodNullable && schema.unwrap() === personId);
      return (points || telling.test(name)) && !isPersonalDataField(name) ? [`${kind}: ${name}`] : [];
    });
  }

  it('names every member of an event that points at a person', () => {
    const cabinet = traceEvent.options.flatMap((option) =>
      membersOf([...option.shape.kind.values].join(), option.shape.data),
    );
    const cloud = Object.entries(cloudEventData).flatMap(([kind, data]) => membersOf(kind, data));
    expect([...cabinet, ...cloud]).toEqual([]);
  });
});
