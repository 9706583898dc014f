import { SettingsError } from '@tagtrail/shared/config/settings.js';
import { describe, expect, it } from 'vitest';
import { parseCredentials, parseEdgeConfig, settingsHelp } from './config.js';

const least = `
credentials: credentials.json
data: data
devices:
  uhf: { path: /dev/ttyUSB0 }
  badge: { path: /dev/ttyUSB1 }
  lock: { path: /dev/ttyUSB2 }
`;

function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ setting }) => setting);
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('fills in every default', () => {
    expect(parseEdgeConfig(least)).toMatchObject({
      language: 'en',
      kiosk: { port: 8090, host: '127.0.0.1' },
      devices: {
        uhf: { driver: 'mercury', baudRate: 115_200, antennas: [1, 2, 3, 4], readPowerDbm: 27, region: 'eu3' },
        badge: { driver: 'rdm6300', baudRate: 9600 },
        lock: { driver: 'modbus', unitId: 1, doors: [{ door: 1, relay: 0, contact: 0, closedWhen: true }] },
      },
      session: { openWithinMs: 8000 },
      presence: { disputeBelowPct: 90 },
    });
  });

  it('names every problem at once', () => {
    const text = least
      .replace('/dev/ttyUSB0', '""')
      .replace('{ path: /dev/ttyUSB1 }', '{ path: a, baud: 1 }')
      .concat('mqttUrl: http://x\nkiosk: { port: 70000 }\n');
    expect(problemsOf(() => parseEdgeConfig(text))).toEqual([
      'mqttUrl',
      'kiosk.port',
      'devices.uhf.path',
      'devices.badge',
    ]);
  });

  it('tells the families of a device apart by their driver', () => {
    const text = least
      .replace('{ path: /dev/ttyUSB0 }', '{ driver: llrp, host: reader-1 }')
      .replace('{ path: /dev/ttyUSB1 }', '{ driver: osdp, path: /dev/ttyUSB1 }')
      .replace('{ path: /dev/ttyUSB2 }', '{ driver: kerong-cu16, path: /dev/ttyUSB2 }');
    expect(parseEdgeConfig(text).devices).toMatchObject({
      uhf: { driver: 'llrp', host: 'reader-1', port: 5084, antennas: [1, 2, 3, 4] },
      badge: { driver: 'osdp', address: 0, secureKey: null },
      lock: { driver: 'kerong-cu16', baudRate: 19_200, board: 0 },
    });
  });

  it.each([
    ['a driver that nobody knows', '{ driver: nobody, path: a }', 'devices.badge.driver'],
    ['a pattern that could take for ever', '{ driver: ascii, path: a, pattern: "^(a+)+$" }', 'devices.badge.pattern'],
    ['a key that is too short', '{ driver: osdp, path: a, secureKey: "00" }', 'devices.badge.secureKey'],
    ['a setting of another family', '{ driver: rdm6300, path: a, address: 1 }', 'devices.badge'],
  ])('refuses %s', (_what, badge, setting) => {
    expect(problemsOf(() => parseEdgeConfig(least.replace('{ path: /dev/ttyUSB1 }', badge)))).toEqual([setting]);
  });

  it('refuses a lock that the board does not have', () => {
    const lock = '{ driver: kerong-cu16, path: a, doors: [{ door: 1, relay: 16, contact: 0 }] }';
    expect(problemsOf(() => parseEdgeConfig(least.replace('{ path: /dev/ttyUSB2 }', lock)))).toEqual([
      'devices.lock.doors',
    ]);
  });

  it('refuses what is not YAML, and nothing at all', () => {
    expect(problemsOf(() => parseEdgeConfig('a: [1'))).toEqual(['(whole)']);
    expect(problemsOf(() => parseEdgeConfig(''))).toEqual(['credentials', 'data', 'devices']);
  });

  it('lists every setting with its default', () => {
    const help = settingsHelp();
    expect(help).toMatch(/kiosk\.port +.*default 8090/);
    expect(help).toMatch(/devices\.lock\.doors\[\]\.relay +.*required/);
  });
});

describe('the credentials', () => {
  it('never repeat a secret in a problem', () => {
    const text = JSON.stringify({ tenant: 'hunter2', cabinet: 3, secret: 'hunter2', signingKey: 5 });
    expect(() => parseCredentials(text)).toThrow(/tenant[\s\S]*cabinet[\s\S]*signingKey/);
    expect(() => parseCredentials(text)).not.toThrow(/hunter2/);
    expect(problemsOf(() => parseCredentials('hunter2'))).toEqual(['(whole)']);
  });
});
