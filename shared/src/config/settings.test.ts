import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings, SettingsError } from './settings.js';

describe('parseSettings', () => {
  const schema = z.strictObject({ port: z.int().min(1), devices: z.strictObject({ path: z.string() }) });

  it('names every problem at once, unknown settings too', () => {
    try {
      parseSettings('edge.yaml', schema, { port: 0, devices: { path: 3 }, colour: 'red' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      const settings = (error as SettingsError).problems.map((problem) => problem.setting);
      expect(settings).toEqual(expect.arrayContaining(['port', 'devices.path', '(whole)']));
      expect((error as SettingsError).message).toContain('edge.yaml cannot be used');
    }
  });

  it('gives the parsed values', () => {
    expect(parseSettings('x', schema, { port: 1, devices: { path: 'p' } })).toEqual({
      port: 1,
      devices: { path: 'p' },
    });
  });
});
