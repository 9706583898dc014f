/** Why a peer is cut off; each is counted. */
export type RefusalReason =
  | 'not_connect'
  | 'second_connect'
  | 'bad_flags'
  | 'bad_length'
  | 'too_large'
  | 'bad_version'
  | 'bad_connect'
  | 'bad_text'
  | 'bad_topic'
  | 'bad_packet_id'
  | 'too_slow'
  | 'too_many'
  | 'tls_failed';

export interface Refusal {
  readonly reason: RefusalReason;
  /** CONNACK return code to send before the connection is cut (section 3.2.2.3). */
  readonly returnCode?: 1 | 2;
}

/** Topics are longer nowhere in this system. */
const topicBytes = 256;
/** Filters in one SUBSCRIBE. */
const filtersAtMost = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads fields one after the other; `undefined` once something is missing or no text. */
class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number | undefined {
    return this.#bytes[this.#at++];
  }

  uint16(): number | undefined {
    const high = this.byte();
    const low = this.byte();
    return high === undefined || low === undefined ? undefined : high * 256 + low;
  }

  binary(): Uint8Array | undefined {
    const length = this.uint16();
    if (length === undefined || this.rest < length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** UTF-8 without the character zero and without surrogates (section 1.5.3). */
  text(): string | undefined {
    const bytes = this.binary();
    if (bytes === undefined) return undefined;
    try {
      const text = utf8.decode(bytes);
      return text.includes('\u0000') ? undefined : text;
    } catch {
      return undefined;
    }
  }
}

/** CONNECT (section 3.1). */
export function checkConnect(body: Uint8Array): Refusal | undefined {
  const fields = new FieldReader(body);
  const protocol = fields.text();
  const level = fields.byte();
  if (protocol !== 'MQTT' && protocol !== 'MQIsdp') return { reason: 'bad_connect' };
  if (level !== (protocol === 'MQTT' ? 4 : 3)) return { reason: 'bad_version', returnCode: 1 };
  const flags = fields.byte();
  if (flags === undefined || fields.uint16() === undefined || !areConnectFlagsGood(flags))
    return { reason: 'bad_connect' };
  const clientId = fields.text();
  if (clientId === undefined) return { reason: 'bad_text' };
  if (clientId === '' && (flags & 0x02) === 0) return { reason: 'bad_connect', returnCode: 2 };
  if ((flags & 0x04) !== 0) {
    if (!isTopic(fields.text())) return { reason: 'bad_topic' };
    if (fields.binary() === undefined) return { reason: 'bad_connect' };
  }
  if ((flags & 0x80) !== 0 && fields.text() === undefined) return { reason: 'bad_text' };
  if ((flags & 0x40) !== 0 && fields.binary() === undefined) return { reason: 'bad_connect' };
  return fields.rest === 0 ? undefined : { reason: 'bad_length' };
}

function areConnectFlagsGood(flags: number): boolean {
  if ((flags & 0x01) !== 0) return false;
  const will = (flags & 0x04) !== 0;
  const willQos = (flags >> 3) & 3;
  if (willQos === 3 || (!will && (flags & 0x38) !== 0)) return false;
  return (flags & 0x80) !== 0 || (flags & 0x40) === 0;
}

/** PUBLISH (section 3.3). */
export function checkPublish(body: Uint8Array, qos: number): Refusal | undefined {
  const fields = new FieldReader(body);
  if (!isTopic(fields.text())) return { reason: 'bad_topic' };
  if (qos > 0 && !isPacketId(fields.uint16())) return { reason: 'bad_packet_id' };
  return undefined;
}

/** SUBSCRIBE and UNSUBSCRIBE (sections 3.8 and 3.10). */
export function checkSubscribe(body: Uint8Array, isSubscribe: boolean): Refusal | undefined {
  const fields = new FieldReader(body);
  if (!isPacketId(fields.uint16())) return { reason: 'bad_packet_id' };
  let filters = 0;
  while (fields.rest > 0) {
    const filter = fields.text();
    if (filter === undefined || filter === '' || filter.length > topicBytes) return { reason: 'bad_topic' };
    if (isSubscribe && (fields.byte() ?? 3) > 2) return { reason: 'bad_flags' };
    if (++filters > filtersAtMost) return { reason: 'too_large' };
  }
  return filters === 0 ? { reason: 'bad_length' } : undefined;
}

function isTopic(topic: string | undefined): boolean {
  return topic !== undefined && topic !== '' && topic.length <= topicBytes && !/[+#]/.test(topic);
}

function isPacketId(id: number | undefined): boolean {
  return id !== undefined && id !== 0;
}
