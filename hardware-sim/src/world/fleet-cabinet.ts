import { createHash } from 'node:crypto';
import type { Disk } from '@tagtrail/edge/journal/disk.js';
import { openFileDisk } from '@tagtrail/edge/journal/file-disk.js';
import { type Journal, openJournal } from '@tagtrail/edge/journal/journal.js';
import { createBatchSigner } from '@tagtrail/edge/uplink/batch-signer.js';
import { createMqttTransport } from '@tagtrail/edge/uplink/mqtt-transport.js';
import type { Transport } from '@tagtrail/edge/uplink/transport.js';
import { createUplink, offlineMessage } from '@tagtrail/edge/uplink/uplink.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { CabinetId, TenantId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';

/** The part of a cabinet that carries facts: the agent's own journal, signature and uplink, without devices. */
export interface FleetCabinet {
  readonly id: string;
  record(draft: TraceDraft, urgency: 'now' | 'grouped'): Promise<TraceEvent>;
  connected(): boolean;
  /** The last sequence on the disk. */
  last(): number;
  pending(): number;
  close(): Promise<void>;
}

export interface FleetCabinetOptions extends Omit<JoinOptions, 'disk' | 'transport' | 'segmentBytes'> {
  /** Folder of this cabinet alone. */
  readonly data: string;
  /** In place of the one in the credentials. */
  readonly mqttUrl?: string;
}

export interface JoinOptions {
  readonly credentials: CabinetCredentials;
  readonly disk: Disk;
  readonly transport: Transport;
  readonly segmentBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  /** The cloud says that everything up to this sequence is committed. */
  readonly onCommitted: (upTo: number) => void;
}

/** A fleet's journals are short, and each segment is written full of zeros first. */
const segmentBytes = 128 * 1024;

/** Opens the journal on the real disk and connects over MQTT. */
export async function openFleetCabinet(options: FleetCabinetOptions): Promise<FleetCabinet> {
  const { credentials, clock, random } = options;
  const identity = identityOf(credentials);
  return await joinFleetCabinet({
    ...options,
    segmentBytes,
    disk: await openFileDisk(options.data),
    transport: createMqttTransport({
      ...{ identity, clock, random, log: silentLog, secret: credentials.secret },
      url: options.mqttUrl ?? credentials.mqttUrl,
      will: offlineMessage(identity),
    }),
  });
}

function identityOf({ tenant, cabinet }: CabinetCredentials): CabinetAddress {
  return { tenant: tenant as TenantId, cabinet: cabinet as CabinetId };
}

/** The same on any disk and any line. */
export async function joinFleetCabinet(options: JoinOptions): Promise<FleetCabinet> {
  const { credentials, clock, random, disk, transport } = options;
  const identity = identityOf(credentials);
  const boot = Buffer.from(randomBytes(random, 8)).toString('hex');
  const common = { clock, log: silentLog, identity };
  const stored = await openJournal({
    ...common,
    ...{ random, boot, disk, segmentBytes: options.segmentBytes },
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  });
  const journal: Journal = {
    ...stored,
    acknowledge: (upTo) => {
      stored.acknowledge(upTo);
      options.onCommitted(upTo);
    },
  };
  let rulebook = 0;
  const working = { status: 'ok' as const, since: wallIso(clock), detail: null };
  const uplink = createUplink({
    ...common,
    ...{ journal, boot, transport, agentVersion: 'fleet' },
    sign: createBatchSigner(credentials.signingKey),
    rulebookVersion: () => rulebook,
    getState: () => ({
      ...{ v: 1, online: true, at: wallIso(clock), rulebook, session: null, phase: 'idle', present: 0 },
      ...{ pending: journal.pending().count, oldestPendingAt: journal.pending().oldestAt },
      devices: { uhf: working, badge: working, lock: working },
      doors: [{ door: 1, state: 'closed' }],
    }),
    // Told back, as an agent does: the cloud sends the rules until it hears that they have come.
    onRulebook: ({ version }) => {
      rulebook = version;
      uplink.stateChanged();
    },
    onCommand: () => {},
    onConnection: () => {},
  });
  uplink.start();
  return {
    id: credentials.cabinet,
    record: journal.record,
    connected: () => uplink.status().connected,
    last: () => journal.head().last,
    pending: () => journal.pending().count,
    close: async () => {
      await uplink.close();
      await stored.close();
    },
  };
}
