import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';

/** The virtual cabinet of `key` as a cabinet file, everything in its place. */
export function cabinetFile(customer: SampleCustomer, key: string) {
  const cabinet = customer.cabinets.find((candidate) => candidate.key === key);
  const site = customer.sites.find((candidate) => candidate.key === cabinet?.site);
  return {
    name: `${cabinet?.name ?? key}, ${site?.name ?? ''}`,
    seed: customer.seed,
    antennas: 4,
    doors: Array.from({ length: cabinet?.doors ?? 1 }, (_, index) => ({ id: index + 1 })),
    tags: customer.assets
      .filter((asset) => asset.cabinet === key)
      .map((asset) => ({ epc: asset.epc, label: asset.name, inside: true, antenna: asset.antenna })),
    badges: customer.people.map((person) => ({ number: person.badge, label: person.name })),
    unitId: 1,
  };
}

/** The agent's configuration for a cabinet whose devices are found under `links`; JSON, which YAML reads too. */
export function edgeConfig(paths: {
  readonly credentials: string;
  readonly data: string;
  readonly links: string;
  readonly mqttUrl: string;
  readonly kioskPort: number;
  readonly doors: number;
}) {
  return {
    credentials: paths.credentials,
    data: paths.data,
    mqttUrl: paths.mqttUrl,
    language: 'en',
    kiosk: { port: paths.kioskPort, host: '127.0.0.1' },
    devices: {
      uhf: { driver: 'mercury', path: `${paths.links}/uhf`, baudRate: 115_200, antennas: [1, 2, 3, 4], region: 'eu3' },
      badge: { driver: 'rdm6300', path: `${paths.links}/badge`, baudRate: 9_600 },
      lock: {
        driver: 'modbus',
        path: `${paths.links}/lock`,
        baudRate: 9_600,
        unitId: 1,
        doors: Array.from({ length: paths.doors }, (_, index) => ({ door: index + 1, relay: index, contact: index })),
      },
    },
  };
}
