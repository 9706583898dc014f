import { parseSettings, SettingsError } from '@tagtrail/shared/config/settings.js';
import { describe, expect, it } from 'vitest';
import { cabinetFile } from './cabinet-file.js';

function problemsOf(values: unknown): readonly string[] {
  try {
    parseSettings('cabinet.json', cabinetFile, values);
    return [];
  } catch (error) {
    return error instanceof SettingsError ? error.problems.map(({ setting }) => setting) : ['not a settings error'];
  }
}

describe('cabinetFile', () => {
  it('fills in what a small file leaves out', () => {
    expect(cabinetFile.parse({ name: 'B1', doors: [{ id: 1 }], tags: [{ epc: 'E2000001' }] })).toMatchObject({
      seed: 1,
      antennas: 4,
      unitId: 1,
      doors: [{ relockAfterMs: 5000, swingMs: 400 }],
      tags: [{ inside: true, antenna: 1, shadowed: false }],
    });
  });

  it('names every problem at once', () => {
    expect(
      problemsOf({
        name: '',
        antennas: 2,
        doors: [],
        tags: [{ epc: 'nonsense' }, { epc: 'E2000001', antenna: 7 }],
        badges: [{ number: '12', label: 'Ana' }],
        unitId: 0,
        colour: 'red',
      }),
    ).toEqual(['name', 'doors', 'tags.0.epc', 'badges.0.number', 'unitId', '(whole)', 'tags.1.antenna']);
  });

  it('finds what is there twice and antennas that are not there', () => {
    expect(
      problemsOf({
        name: 'B1',
        antennas: 2,
        doors: [{ id: 1 }, { id: 2, relay: 0 }],
        tags: [{ epc: 'E2000001', antenna: 3 }, { epc: 'E2000001' }],
      }),
    ).toEqual(['tags.0.antenna', 'tags.1.epc', 'doors.1.relay']);
  });
});
