import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { type AgentOptions, createAgent } from './agent.js';
import type { EdgeConfig } from './config.js';
import type { AgentFault } from './health/cabinet-health.js';
import { openFileDisk } from './journal/file-disk.js';
import { type Journal, openJournal } from './journal/journal.js';
import { createMercuryReader } from './reader/mercury/mercury-reader.js';
import { createModbusLockBoard } from './reader/modbus/modbus-lock-board.js';
import { createRdm6300Reader } from './reader/rdm6300/rdm6300-reader.js';
import { openRulebookStore, type RulebookStore } from './rules/rulebook-store.js';
import { linkOpener } from './serial/open-link.js';
import { createBatchSigner } from './uplink/batch-signer.js';
import { openCommandGate } from './uplink/command-gate.js';
import { createMqttTransport } from './uplink/mqtt-transport.js';
import { createUplink, offlineMessage, type Uplink } from './uplink/uplink.js';

export interface EdgeOptions {
  readonly config: EdgeConfig;
  readonly credentials: CabinetCredentials & CabinetAddress;
  /** Absolute path of the data directory, locked by the caller. */
  readonly data: string;
  readonly agentVersion: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface RunningEdge {
  readonly kiosk: string;
  stop(reason: string): Promise<void>;
}

const kioskDir = fileURLToPath(new URL('../../web/dist-kiosk', import.meta.url));

/**
 * Puts the real disk, serial ports and broker around the agent and starts it.
 * @throws AppError `uplink.bad_signing_key`, `journal.*`, `disk.*`, `kiosk.*`.
 */
export async function runEdge(options: EdgeOptions): Promise<RunningEdge> {
  const { config, credentials, clock, random, log, agentVersion } = options;
  const identity: CabinetAddress = { tenant: credentials.tenant, cabinet: credentials.cabinet };
  const boot = Buffer.from(randomBytes(random, 8)).toString('hex');
  const sign = createBatchSigner(credentials.signingKey);
  const journal = await openJournal({
    disk: await openFileDisk(join(options.data, 'journal')),
    ...{ clock, random, boot, identity, log },
    sha256: (data) => createHash('sha256').update(data).digest(),
  });
  const disk = await openFileDisk(join(options.data, 'rules'));
  const rules = await openRulebookStore({ disk, recorder: journal, identity, log });
  const commands = await openCommandGate({ disk, clock, log });
  const startedAt = wallIso(clock);
  const agent = createAgent({
    config,
    identity: { cabinet: credentials.name, site: credentials.site, agentVersion },
    ...{ journal, rules, clock, random, log, kioskDir },
    devices: devicesOf(config, { clock, random, log }),
    uplink: (cabinet) => {
      const uplink: Uplink = createUplink({
        transport: createMqttTransport({
          url: config.mqttUrl ?? credentials.mqttUrl,
          secret: credentials.secret,
          will: offlineMessage(identity),
          ...{ identity, clock, random, log },
        }),
        ...{ journal, clock, log, identity, sign, boot, agentVersion },
        rulebookVersion: () => rules.current().version,
        getState: () => {
          const faults = faultsOf({ journal, rules, uplink, startedAt });
          return faults.length === 0 ? cabinet.getState() : { ...cabinet.getState(), faults: [...faults] };
        },
        onRulebook: (rulebook) => void rules.accept(rulebook).then(() => uplink.stateChanged()),
        onCommand: (command) => void commands.admit(command, cabinet.onCommand),
        onConnection: cabinet.onConnection,
      });
      return uplink;
    },
  });
  await agent.start();
  return {
    kiosk: agent.kioskAddress() ?? '',
    stop: async (reason) => {
      await agent.stop(reason);
      await journal.close();
    },
  };
}

function devicesOf(
  config: EdgeConfig,
  platform: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): AgentOptions['devices'] {
  const { uhf, badge, lock } = config.devices;
  return {
    uhf: (listener) => createMercuryReader({ ...platform, config: uhf, openLink: linkOpener(uhf.path), listener }),
    badge: (listener) =>
      createRdm6300Reader({ ...platform, config: badge, openLink: linkOpener(badge.path), listener }),
    lock: (listener) => createModbusLockBoard({ ...platform, config: lock, openLink: linkOpener(lock.path), listener }),
  };
}

function faultsOf(parts: {
  readonly journal: Journal;
  readonly rules: RulebookStore;
  readonly uplink: Uplink;
  readonly startedAt: string;
}): readonly AgentFault[] {
  const faults: AgentFault[] = [];
  const journal = parts.journal.status();
  if (journal.status !== 'ok') faults.push({ part: 'journal', fault: journal.detail, since: journal.since });
  const uplink = parts.uplink.status().fault;
  if (uplink !== null) faults.push({ part: 'uplink', fault: uplink.reason, since: uplink.since });
  const rulebook = parts.rules.fault();
  if (rulebook !== null) faults.push({ part: 'rulebook', fault: rulebook.slice(0, 200), since: parts.startedAt });
  return faults;
}
