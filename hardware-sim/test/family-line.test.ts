import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCredentials, parseEdgeConfig } from '@tagtrail/edge/config.js';
import { runEdge } from '@tagtrail/edge/run-edge.js';
import { startAedesBroker } from '@tagtrail/edge/testing/aedes-broker.js';
import { aBadgeNumber, anEpc, anItem, aPerson, aPersonId, aRulebook } from '@tagtrail/edge/testing/builders.js';
import { anAddress } from '@tagtrail/edge/testing/journal-fixtures.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { type KioskState, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CabinetFile, cabinetFile, type DeviceName } from '../src/serve/cabinet-file.js';
import { type ServedCabinet, serveCabinet } from '../src/serve/serve.js';

/** The whole agent with each family of devices in it, over pseudo-terminals and TCP: one take, one return. */
const key = '000102030405060708090A0B0C0D0E0F';
const doors = [{ door: 1, relay: 0, contact: 0, closedWhen: true }];
const combinations: readonly {
  readonly name: string;
  readonly families: Partial<CabinetFile['devices']>;
  readonly antennas?: number;
  readonly settings: Record<DeviceName, object>;
}[] = [
  {
    name: 'a Chafon reader, badges as lines of text, a Kerong CU16',
    families: { uhf: 'chafon', badge: 'ascii', lock: 'kerong-cu16' },
    settings: {
      uhf: { driver: 'chafon' },
      badge: { driver: 'ascii' },
      lock: { driver: 'kerong-cu16', doors },
    },
  },
  {
    name: 'an M100 module, OSDP with a secure channel, a Kerong CU48',
    families: { uhf: 'm100', badge: 'osdp', lock: 'kerong-cu48' },
    antennas: 1,
    settings: {
      uhf: { driver: 'm100' },
      badge: { driver: 'osdp', secureKey: key },
      lock: { driver: 'kerong-cu48', doors },
    },
  },
  {
    name: 'an LLRP reader on the network, OSDP in the clear, a Modbus board',
    families: { uhf: 'llrp', badge: 'osdp', lock: 'modbus' },
    settings: {
      uhf: { driver: 'llrp' },
      badge: { driver: 'osdp' },
      lock: { driver: 'modbus', doors },
    },
  },
];

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  await vi.waitUntil(condition, { timeout: 30_000, interval: 20 });
};

async function startLine(combination: (typeof combinations)[number]) {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-family-'));
  const antennas = combination.antennas ?? 4;
  const tools = [1, 2, 3].map((number) => ({ epc: anEpc(number), antenna: 1 + (number % antennas) }));
  const secure = 'secureKey' in combination.settings.badge;
  const file = cabinetFile.parse({
    ...{ name: 'B1', doors: [{ id: 1, swingMs: 50 }], antennas, tags: tools, devices: combination.families },
    ...(secure ? { osdpKey: key } : {}),
  });
  const served = await serveCabinet({ file, controlPort: 0, linksFolder: folder }, { clock: systemClock });
  const broker = await startAedesBroker();
  const address = (device: DeviceName): object => {
    if (combination.families[device] !== 'llrp') return { path: served.ports[device] };
    return { host: '127.0.0.1', port: Number(new URL(served.ports.uhf).port) };
  };
  const device = (name: DeviceName): object => ({ ...combination.settings[name], ...address(name) });
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const edge = await runEdge({
    config: parseEdgeConfig(
      JSON.stringify({
        ...{
          credentials: 'c.json',
          data: folder,
          kiosk: { port: 0 },
          session: { openWithinMs: 20_000, receiptMs: 1500 },
        },
        devices: { uhf: device('uhf'), badge: device('badge'), lock: device('lock') },
      }),
    ),
    credentials: parseCredentials(
      JSON.stringify({ ...anAddress, name: 'B1', site: 'Hangar', mqttUrl: broker.url, secret: 'secret', signingKey }),
    ),
    ...{ data: folder, agentVersion: '0.1.0', clock: systemClock, random: systemRandom, log: silentLog },
  });
  onTestFinished(async () => {
    await edge.stop('test');
    await served.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await broker.until(({ topic }) => topic === upTopic(anAddress, 'state'));
  const items = tools.map((_, index) => anItem(index + 1));
  broker.publish(
    downTopic(anAddress, 'rulebook'),
    JSON.stringify(aRulebook({ ...anAddress, people: [aPerson(1), aPerson(2)], items })),
  );
  const screen = async (): Promise<KioskState> =>
    kioskState.parse(await (await fetch(`${edge.kiosk}/api/state`)).json());
  const events = async (): Promise<readonly TraceEvent[]> => {
    const list: TraceEvent[] = [];
    for await (const event of edge.journal.replay()) list.push(event);
    return list;
  };
  return { served, screen, events };
}

async function visit(
  line: Awaited<ReturnType<typeof startLine>>,
  badge: string,
  act: (cabinet: ServedCabinet) => void,
) {
  const { served, screen } = line;
  await until(async () => (await screen()).phase === 'idle');
  served.cabinet.badgeReader.present(badge, 400);
  // The lock is on its own line: the door gives way when its bolt is drawn.
  await until(() => served.cabinet.doors()[0]?.open(false) === 'opened');
  await until(async () => (await screen()).phase === 'open');
  act(served);
  served.cabinet.closeDoor(1);
  await until(async () => (await screen()).phase === 'receipt');
  const { lines } = await screen();
  return lines;
}

describe.concurrent('the whole agent with', () => {
  it.each(combinations)(
    '$name',
    async (combination) => {
      const line = await startLine(combination);
      const taken = await visit(line, aBadgeNumber(1), ({ cabinet }) => cabinet.removeTag(anEpc(2)));
      expect(taken).toMatchObject([{ epc: anEpc(2), movement: 'taken', disputed: false, authority: 'allowed' }]);
      const back = { epc: anEpc(2), label: 'Tool 2', inside: true, antenna: 1, shadowed: false };
      const returned = await visit(line, aBadgeNumber(2), ({ cabinet }) => cabinet.placeTag(back));
      expect(returned).toMatchObject([{ epc: anEpc(2), movement: 'returned', disputed: false, takenBy: 'Person 1' }]);
      const custody = (await line.events()).filter(({ kind }) => kind.startsWith('asset.'));
      expect(custody).toMatchObject([
        { kind: 'asset.checked_out', actor: aPersonId(1), data: { certainty: 'observed' } },
        { kind: 'asset.returned', actor: aPersonId(2), data: { takenBy: aPersonId(1) } },
      ]);
    },
    120_000,
  );
});
