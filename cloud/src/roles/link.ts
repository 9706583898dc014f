import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { startBroker } from '../broker/broker.js';
import type { BrokerFault } from '../broker/broker-fitness.js';
import type { CabinetLink } from '../broker/cabinet-link.js';
import { type CloudKey, signedDown } from '../broker/cloud-key.js';
import { joinExternalBroker } from '../broker/external-broker.js';
import { sessionsNamed } from '../broker/sessions-named.js';
import type { CloudConfig } from '../config.js';
import { createCabinetDirectory } from '../ingest/cabinet-directory.js';
import type { Ingest } from '../ingest/ingest.js';
import type { StageCounts } from '../metrics/stage-book.js';
import type { Store } from '../store/prisma.js';
import { readCertificate } from '../tls/certificate.js';
import { followCertificate } from '../tls/follow-certificate.js';

/** The way to the cabinets, for parts that are made before it stands. */
export interface LateLink {
  /** What is sent while there is none is lost, as on any network. */
  send(topic: string, body: string, options: { readonly retain: boolean }): Promise<void>;
  /** Ends the connection of a cabinet, if it is to us. */
  cutOff(address: CabinetAddress): void;
  /** Whether cabinets can be reached. */
  stands(): boolean;
  /** What is wrong with the way, in words for an operator; undefined while it is well. */
  problem(): string | undefined;
  book(): StageCounts;
  open(link: OpenedWay): void;
  close(): Promise<void>;
}

type OpenedWay = CabinetLink & {
  readonly connected?: boolean | number;
  faults?(): readonly BrokerFault[];
};

/** @param key what cabinets know the cloud by: whatever is sent is signed with it. */
export function createLateLink(key: CloudKey): LateLink {
  let current: OpenedWay | undefined;
  return {
    send: async (topic, body, options) => await current?.publish(topic, signedDown(key, topic, body), options),
    cutOff: (address) => current?.cutOff?.(address),
    stands: () => current !== undefined && current.connected !== false,
    problem: () => {
      if (current === undefined || current.connected === false) return 'the broker does not answer';
      const faults = current.faults?.() ?? [];
      return faults.length === 0 ? undefined : `The broker: ${faults.map(({ text }) => text).join(' ')}`;
    },
    book: () => current?.book() ?? { received: 0, outcomes: {}, inFlight: 0 },
    open: (link) => {
      current = link;
    },
    close: async () => await current?.close(),
  };
}

export interface OpenLinkOptions {
  readonly config: CloudConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly link: LateLink;
  /** Absent where this process takes nothing from cabinets. */
  readonly ingest?: Ingest | undefined;
  /** What was retained may be gone: after each connect to an external broker. */
  readonly onConnected: () => Promise<void>;
}

export interface OpenedLink {
  /** Where cabinets reach the broker. */
  readonly mqtt: string;
  stopAccepting(): Promise<void>;
}

/**
 * Starts the broker of our own, or joins the one at `MQTT_URL`.
 * @throws AppError `broker.port_taken`, `broker.bad_certificate`.
 */
export async function openLink(options: OpenLinkOptions): Promise<OpenedLink> {
  const { config, log, link, ingest } = options;
  if (config.mqttUrl === undefined) return await startOwn(options);
  const broker = joinExternalBroker({
    url: config.mqttUrl,
    clientId: `tagtrail-cloud-${Buffer.from(randomBytes(options.random, 6)).toString('hex')}`,
    log,
    ...(ingest === undefined
      ? {}
      : { onMessage: (topic: string, payload: Uint8Array): void => take({ log, ingest }, topic, payload) }),
    onConnected: () => {
      options.onConnected().catch((error: unknown) => {
        log.error({ reason: errorText(error) }, 'broker.external.not_refreshed');
      });
    },
  });
  link.open(broker);
  const { protocol, host } = new URL(config.mqttUrl);
  return { mqtt: config.mqttPublicUrl ?? `${protocol}//${host}`, stopAccepting: () => broker.stopAccepting() };
}

async function startOwn({ config, store, clock, log, link, ingest }: OpenLinkOptions): Promise<OpenedLink> {
  const directory = createCabinetDirectory(store, clock);
  const files = config.mqttTls;
  const certificate = files === undefined ? undefined : await readCertificate(files, 'MQTT_TLS');
  const broker = await startBroker({
    port: config.mqttPort,
    host: config.host,
    certificate,
    clock,
    log,
    findAccount: (address) => directory.find(address),
    onCutOff: (address) => directory.forget(address),
    onMessage: (topic, payload) => take({ log, ingest }, topic, payload),
    onUnknown: (address) => void ingest?.knocked(address),
    onForbidden: (address, what) => void ingest?.refuse(address, 'forbidden', what),
  });
  link.open(broker);
  const following =
    files === undefined || certificate === undefined
      ? undefined
      : followCertificate({
          ...{ files, use: 'MQTT_TLS', current: certificate, clock, log },
          renew: (next) => broker.renewCertificate(next),
        });
  const publicHost = config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname;
  const host = config.host === '0.0.0.0' || config.host === '::' ? (publicHost ?? '127.0.0.1') : config.host;
  return {
    mqtt: `${files === undefined ? 'mqtt' : 'mqtts'}://${host}:${broker.port}`,
    stopAccepting: async () => {
      following?.cancel();
      broker.stopAccepting();
    },
  };
}

/** Gives a message of a cabinet to ingest; the sessions in it can be followed from the cabinet to the screen. */
function take({ log, ingest }: Pick<OpenLinkOptions, 'log' | 'ingest'>, topic: string, payload: Uint8Array): void {
  const sessions = topic.endsWith('/up/events') ? sessionsNamed(payload) : [];
  if (sessions.length > 0) log.info({ topic, bytes: payload.length, sessions }, 'broker.message.received');
  void ingest?.receive(topic, payload);
}
