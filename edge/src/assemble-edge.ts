import { createHash } from 'node:crypto';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { type AgentOptions, createAgent } from './agent.js';
import type { EdgeConfig } from './config.js';
import type { AgentFault } from './health/cabinet-health.js';
import type { Disk } from './journal/disk.js';
import { type Journal, openJournal } from './journal/journal.js';
import { openRulebookStore, type RulebookStore } from './rules/rulebook-store.js';
import { createSeal } from './rules/seal.js';
import { createBatchSigner } from './uplink/batch-signer.js';
import { openCommandGate } from './uplink/command-gate.js';
import type { Transport } from './uplink/transport.js';
import { createUplink, type Uplink } from './uplink/uplink.js';

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
}

export interface RunningEdge {
  readonly kiosk: string;
  readonly journal: Pick<Journal, 'replay' | 'onAppended'>;
  stop(reason: string): Promise<void>;
}

/**
 * Joins journal, rulebook, commands and uplink to the agent and starts it.
 * @throws AppError `uplink.bad_signing_key`, `journal.*`, `disk.*`, `kiosk.*`.
 */
export async function assembleEdge(options: AssembleOptions): Promise<RunningEdge> {
  const { config, credentials, clock, random, log, agentVersion } = options;
  const identity: CabinetAddress = { tenant: credentials.tenant, cabinet: credentials.cabinet };
  const boot = Buffer.from(randomBytes(random, 8)).toString('hex');
  const sign = createBatchSigner(credentials.signingKey);
  const journal = await openJournal({
    disk: options.disks.journal,
    ...{ clock, random, boot, identity, log },
    sha256: (data) => createHash('sha256').update(data).digest(),
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  });
  const disk = options.disks.rules;
  const seal = createSeal({ secret: credentials.secret, identity, use: 'rulebook', random });
  const rules = await openRulebookStore({ disk, seal, recorder: journal, identity, log });
  const commands = await openCommandGate({ disk, clock, log });
  const startedAt = wallIso(clock);
  const agent = createAgent({
    config,
    identity: { cabinet: credentials.name, site: credentials.site, agentVersion },
    ...{ journal, rules, clock, random, log, kioskDir: options.kioskDir, devices: options.devices },
    ...(options.openKiosk === undefined ? {} : { openKiosk: options.openKiosk }),
    uplink: (cabinet) => {
      const uplink: Uplink = createUplink({
        transport: options.transport,
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
    journal,
    stop: async (reason) => {
      await agent.stop(reason);
      await journal.close();
    },
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
