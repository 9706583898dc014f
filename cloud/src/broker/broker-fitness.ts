import { downTopic } from '@tagtrail/shared/mqtt/topics.js';

/** What a broker said in its CONNACK (MQTT 5, section 3.2.2.3); what is absent is granted whole. */
export interface BrokerOffers {
  readonly sharedSubscriptionAvailable?: boolean | undefined;
  readonly wildcardSubscriptionAvailable?: boolean | undefined;
  readonly retainAvailable?: boolean | undefined;
  readonly maximumQoS?: number | undefined;
  readonly maximumPacketSize?: number | undefined;
}

export interface BrokerTrials {
  readonly offers: BrokerOffers;
  /** Reason code of the SUBACK; null where this process does not listen. */
  readonly listened: number | null;
  /** Reason code of the PUBACK for a message to a cabinet that is none. */
  readonly spoke: number;
}

/** Why a broker cannot carry what goes between the cloud and its cabinets. */
export interface BrokerFault {
  readonly code:
    | 'broker.no_shared_subscriptions'
    | 'broker.no_wildcards'
    | 'broker.no_retain'
    | 'broker.no_qos_1'
    | 'broker.small_packets'
    | 'broker.listening_refused'
    | 'broker.speaking_refused';
  /** What is wrong and what to do, for an operator. */
  readonly text: string;
}

/** The largest message that a cabinet or the cloud sends, with its topic: `cloud/deploy/mosquitto.conf` allows as much. */
export const largestPacketBytes = 144 * 1024;

/** Where a trial message goes: no cabinet has these ids, so that nobody hears it. */
export const trialTopic: string = downTopic(
  { tenant: `tenant_${'0'.repeat(26)}`, cabinet: `cabinet_${'0'.repeat(26)}` } as Parameters<typeof downTopic>[0],
  'committed',
);

/** From here on a reason code is a refusal (MQTT 5, section 2.4). */
const refusedFrom = 0x80;

/** Everything that is wrong with a broker at once; none for one that fits. */
export function brokerFaults({ offers, listened, spoke }: BrokerTrials): readonly BrokerFault[] {
  const faults: BrokerFault[] = [];
  const add = (code: BrokerFault['code'], text: string): void => void faults.push({ code, text });
  if (listened !== null && offers.sharedSubscriptionAvailable === false)
    add(
      'broker.no_shared_subscriptions',
      'It has no shared subscriptions ($share), by which the ingest processes share what cabinets send: switch them on.',
    );
  if (listened !== null && offers.wildcardSubscriptionAvailable === false)
    add('broker.no_wildcards', 'It has no wildcards in subscriptions (+): switch them on.');
  if (offers.retainAvailable === false)
    add('broker.no_retain', 'It keeps no retained messages, by which a cabinet finds its rules: switch them on.');
  if (offers.maximumQoS === 0)
    add('broker.no_qos_1', 'It passes messages with QoS 0 only: allow QoS 1 (max_qos 1 or 2 in Mosquitto).');
  if (offers.maximumPacketSize !== undefined && offers.maximumPacketSize < largestPacketBytes)
    add(
      'broker.small_packets',
      `It takes packets of ${offers.maximumPacketSize} bytes, and a batch of a cabinet may have ${largestPacketBytes}: raise the limit (max_packet_size in Mosquitto).`,
    );
  if (listened !== null && listened >= refusedFrom)
    add(
      'broker.listening_refused',
      `It does not let the cloud hear cabinets (reason code ${listened}): allow its account to read tagtrail/v1/+/+/up/+.`,
    );
  if (spoke >= refusedFrom)
    add(
      'broker.speaking_refused',
      `It does not let the cloud speak to cabinets (reason code ${spoke}): allow its account to write tagtrail/v1/+/+/down/+.`,
    );
  return faults;
}

/** Why a broker does not let the cloud in (CONNACK, section 3.2.2.2), and what to do; undefined for other errors. */
export function refusalText(reasonCode: unknown): string | undefined {
  switch (reasonCode) {
    case 0x84:
      return 'It does not speak MQTT 5: take a broker that does.';
    case 0x85:
      return 'It does not take the client ids of the cloud (tagtrail-cloud-...): allow them.';
    case 0x86:
    case 0x87:
      return 'It does not let in the user and password of MQTT_URL: correct them, or allow that account.';
    case 0x97:
    case 0x9f:
      return 'It has too many connections: raise its limit.';
    default:
      return undefined;
  }
}
