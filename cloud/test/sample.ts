import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';

/** A small customer with two sites; `canary` stands in every name, to find it where it must not be. */
export function aCustomer(canary: string, assets = 6): SampleCustomer {
  const domain = `${canary.toLowerCase()}.example`;
  return {
    name: `${canary} Air`,
    seed: 1,
    users: [
      { email: `admin@${domain}`, name: `${canary} Admin`, role: 'admin', sites: [] },
      { email: `manager@${domain}`, name: `${canary} Manager`, role: 'manager', sites: ['north'] },
      { email: `viewer@${domain}`, name: `${canary} Viewer`, role: 'viewer', sites: [] },
    ],
    sites: [
      { key: 'north', name: `${canary} North`, timeZone: 'Europe/Paris' },
      { key: 'south', name: `${canary} South`, timeZone: 'Europe/Berlin' },
    ],
    cabinets: [
      { key: 'n1', site: 'north', name: `${canary} N1`, doors: 1 },
      { key: 's1', site: 'south', name: `${canary} S1`, doors: 1 },
    ],
    people: [
      {
        key: 'ana',
        name: `${canary} Ana Lima`,
        displayName: `${canary} Ana`,
        language: 'en',
        groups: ['line'],
        badge: '4A00AB12CD',
      },
      {
        key: 'bo',
        name: `${canary} Bo Berg`,
        displayName: `${canary} Bo`,
        language: 'fr',
        groups: [],
        badge: '4A00AB12CE',
      },
    ],
    assets: Array.from({ length: assets }, (_, i) => ({
      key: `a${i}`,
      name: `${canary} Torque wrench ${i}`,
      model: `${canary} TW-${i % 3}`,
      serial: `SN-${i}`,
      epc: `3034257BF7194E4000${i.toString(16).toUpperCase().padStart(6, '0')}`,
      cabinet: i % 2 === 0 ? 'n1' : 's1',
      antenna: 1 as const,
      groups: [],
      calibrationDueInDays: i === 2 ? -3 : null,
    })),
  };
}
