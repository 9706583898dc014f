import { hash } from 'node:crypto';
import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { type Clock, repeat, wallIso } from '@tagtrail/shared/time/clock.js';
import { type AgentOptions, createAgent } from './agent.js';
import type { EdgeConfig } from './config.js';
import type { AgentFault } from './health/cabinet-health.js';
import { type ClockMeter, createClockMeter } from './health/clock-meter.js';
import { createDiskWatch, type DiskWatch, diskFault } from './health/disk-watch.js';
import { withoutDiagnostics } from './journal/diagnostics.js';
import type { Disk } from './journal/disk.js';
import { type Journal, openJournal } from './journal/journal.js';
import { openRulebookStore, type RulebookStore } from './rules/rulebook-store.js';
import { createSeal } from './rules/seal.js';
import { createCloudCheck } from './uplink/cloud-key.js';
import { openCommandGate } from './uplink/command-gate.js';
import { openKeyRing } from './uplink/key-ring.js';
import type { Transport } from './uplink/transport.js';
import { createUplink, type Uplink } from './uplink/uplink.js';
import { openWitness } from './witness/witness.js';

/** What the agent's parts need, with the world around them passed in: `run-edge.ts` passes the real one. */
export interface AssembleOptions extends Pick<AgentOptions, 'devices' | 'kioskDir' | 'openKiosk'> {
  readonly config: EdgeConfig;
  readonly credentials: CabinetCredentials & CabinetAddress;
  readonly agentVersion: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly disks: { readonly journal: Disk; readonly rules: Disk };
  readonly transport: Transport;
  /** Size of a journal file; the journal's own choice when left out. */
  readonly segmentBytes?: number;
  /** The journal has to be opened anew, because the cloud knows another history; told while nobody is at the cabinet. */
  readonly onFork?: () => void;
}

export interface RunningEdge {
  readonly kiosk: string;
  readonly journal: Pick<Journal, 'logId' | 'replay' | 'onAppended'>;
  stop(reason: string): Promise<void>;
}

const forkLookMs = 1_000;

/**
 * Joins journal, rulebook, commands and uplink to the agent and starts it.
 * @throws AppError `uplink.bad_signing_key`, `uplink.bad_cloud_key`, `journal.*`, `disk.*`, `kiosk.*`.
 */
export async function assembleEdge(options: AssembleOptions): Promise<RunningEdge> {
  const { config, credentials, clock, random, log, agentVersion } = options;
  const identity: CabinetAddress = { tenant: credentials.tenant, cabinet: credentials.cabinet };
  const boot = Buffer.from(randomBytes(random, 8)).toString('hex');
  const meter = createClockMeter({ clock, log });
  const diskWatch = createDiskWatch({
    disk: options.disks.journal,
    ...{ clock, log },
    isFull: () => isFull(),
  });
  const opened = await openJournal({
    disk: options.disks.journal,
    ...{ clock, random, boot, identity, log, timeQuality: meter.timeQuality },
    whenDiskFails: config.whenDiskFails,
    isShort: diskWatch.isShort,
    sha256: (data) => hash('sha256', data, 'buffer'),
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  });
  const isFull = (): boolean => opened.status().status === 'full';
  const journal: Journal = { ...opened, ...withoutDiagnostics(opened, { isShort: diskWatch.isShort, log }) };
  const disk = options.disks.rules;
  const sealFor = (use: string) => createSeal({ secret: credentials.secret, identity, use, random });
  const seal = sealFor('rulebook');
  const rules = await openRulebookStore({
    disk,
    seal,
    custodySeal: sealFor('custody'),
    recorder: journal,
    identity,
    log,
  });
  const commands = await openCommandGate({ disk, recorder: journal, clock, log });
  const { signingKey } = credentials;
  const keys = await openKeyRing({ disk, seal: sealFor('keys'), journal, identity, signingKey, random, log });
  const isFromCloud = credentials.cloudKey === undefined ? undefined : createCloudCheck(credentials.cloudKey);
  const witness = await openWitness({ disk, recorder: journal, identity, key: keys.current, clock, log });
  const startedAt = wallIso(clock);
  const agent = createAgent({
    config,
    identity: { cabinet: credentials.name, site: credentials.site, agentVersion },
    diskLevel: () => diskWatch.reading()?.level ?? 'ok',
    ...{ journal, rules, clock, random, log, kioskDir: options.kioskDir, devices: options.devices },
    ...(options.openKiosk === undefined ? {} : { openKiosk: options.openKiosk }),
    uplink: (cabinet) => {
      const carryOut = (command: CommandMessage): void => {
        if (command.kind === 'rotate_key') void keys.rotate();
        else cabinet.onCommand(command);
      };
      const uplink: Uplink = createUplink({
        transport: options.transport,
        ...{ journal, clock, log, identity, sign: keys.sign, boot, agentVersion },
        rulebookVersion: () => rules.current().version,
        commands: { lastCounter: commands.lastCounter, sign: (text) => keys.current().sign(text) },
        getState: () => {
          const faults = faultsOf({ journal, rules, uplink, meter, diskWatch, startedAt });
          const state = { ...cabinet.getState(), clock: meter.reading(), volatile: journal.volatileRecords() };
          const disk = diskWatch.reading();
          return {
            ...state,
            ...(disk === null ? {} : { disk }),
            ...(faults.length === 0 ? {} : { faults: [...faults] }),
          };
        },
        onRulebook: (rulebook) => void rules.accept(rulebook).then(() => uplink.stateChanged()),
        onCustody: (facts) => void rules.acceptCustody(facts),
        onCommand: (arrived) => void commands.admit(arrived, carryOut),
        ...(isFromCloud === undefined ? {} : { isFromCloud }),
        onCheckpoint: witness.see,
        onConnection: cabinet.onConnection,
        onCloudTime: meter.measured,
        onFork: () => {
          const restart = repeat(clock, 'edge.fork', forkLookMs, async () => {
            if (cabinet.getState().session !== null || options.onFork === undefined) return;
            restart.cancel();
            await journal.declareFork().then(options.onFork, (error) => {
              log.error({ error: errorText(error) }, 'edge.fork.unmarked');
            });
          });
        },
      });
      return uplink;
    },
  });
  await agent.start();
  meter.watch(journal);
  await diskWatch.start(agent.stateChanged);
  return {
    kiosk: agent.kioskAddress() ?? '',
    journal,
    stop: async (reason) => {
      meter.stop();
      diskWatch.stop();
      await agent.stop(reason);
      await journal.close();
    },
  };
}

function faultsOf(parts: {
  readonly journal: Journal;
  readonly rules: RulebookStore;
  readonly uplink: Uplink;
  readonly meter: ClockMeter;
  readonly diskWatch: DiskWatch;
  readonly startedAt: string;
}): readonly AgentFault[] {
  const faults: AgentFault[] = [];
  const journal = parts.journal.status();
  if (journal.status !== 'ok') faults.push({ part: 'journal', fault: journal.detail, since: journal.since });
  const uplink = parts.uplink.status().fault;
  if (uplink !== null) faults.push({ part: 'uplink', fault: uplink.reason, since: uplink.since });
  const rulebook = parts.rules.fault();
  if (rulebook !== null) faults.push({ part: 'rulebook', fault: rulebook.slice(0, 200), since: parts.startedAt });
  const disk = parts.diskWatch.reading();
  const diskWords = disk === null ? null : diskFault(disk);
  const diskSince = parts.diskWatch.since();
  if (diskWords !== null && diskSince !== null) faults.push({ part: 'disk', fault: diskWords, since: diskSince });
  const wrongSince = parts.meter.wrongSince();
  const offsetMs = parts.meter.reading()?.offsetMs ?? 0;
  if (wrongSince !== null) {
    const fault = `the clock differs from the cloud's by ${Math.round(offsetMs / 1000)} s; set it or give it a time server`;
    faults.push({ part: 'clock', fault, since: wrongSince });
  }
  return faults;
}
