import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFromUuid, isId, newId, newUuid, uuidFromId } from './ids.js';
import { seededRandom } from './random/seeded-random.js';

describe('TypeIDs', () => {
  // Known answers of the TypeID specification, valid.yml.
  it.each([
    ['00000000-0000-0000-0000-000000000000', '00000000000000000000000000'],
    ['00000000-0000-0000-0000-000000000001', '00000000000000000000000001'],
    ['00000000-0000-0000-0000-00000000000a', '0000000000000000000000000a'],
    ['00000000-0000-0000-0000-000000000020', '00000000000000000000000010'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', '7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['0110c853-1d09-52d8-d73e-1194e95b5f19', '0123456789abcdefghjkmnpqrs'],
    ['01890a5d-ac96-774b-bcce-b302099a8057', '01h455vb4pex5vsknk084sn02q'],
  ])('writes %s as %s', (uuid, suffix) => {
    expect(idFromUuid('asset', uuid)).toBe(`asset_${suffix}`);
    expect(uuidFromId('asset', `asset_${suffix}`)).toBe(uuid);
  });

  it.each([
    ['another prefix', 'person_01h455vb4pex5vsknk084sn02q'],
    ['a suffix beyond 128 bits', 'asset_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['upper case', 'asset_01H455VB4PEX5VSKNK084SN02Q'],
    ['a letter outside the alphabet', 'asset_01h455vb4pex5vsknk084sn02u'],
    ['a short suffix', 'asset_01h455vb4pex5vsknk084sn02'],
    ['nothing', ''],
  ])('refuses %s', (_what, id) => {
    expect(isId('asset', id)).toBe(false);
    expect(() => uuidFromId('asset', id)).toThrow(expect.objectContaining({ code: 'id.malformed' }));
  });

  it('goes there and back for every UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(uuidFromId('site', idFromUuid('site', uuid))).toBe(uuid);
      }),
    );
  });

  it('orders by time and carries version 7', () => {
    const random = seededRandom(1);
    const early = newId('asset', 1_700_000_000_000, random);
    const late = newId('asset', 1_700_000_000_001, random);
    expect(early < late).toBe(true);
    expect(newUuid(1_700_000_000_000, random)).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab]/);
  });
});
