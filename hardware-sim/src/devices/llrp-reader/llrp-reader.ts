import { createLlrpFramer, type LlrpMessageBytes } from '@tagtrail/shared/protocol/llrp/llrp-framer.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Air } from '../../field/air.js';
import type { SendBytes, SerialDevice } from '../device.js';
import { decodeLlrp, encodeLlrp, type LlrpMessage, listOf, recordOf } from './llrp-codec.js';

/** A network reader that speaks LLRP 1.0.1: one client, one ROSpec, reports tag by tag. */
export interface LlrpReader extends SerialDevice {
  counters(): Readonly<Record<string, number>>;
  connectAntenna(antenna: number, connected: boolean): void;
  close(): void;
}

export interface LlrpReaderOptions {
  readonly air: Air;
  readonly antennas: number;
  readonly clock: Clock;
}

type Data = LlrpMessage['data'];

interface RoSpec {
  readonly id: number;
  readonly antennas: readonly number[];
  readonly durationMs: number;
  enabled: boolean;
}

/** TCP has no line speed; this keeps its pacing out of the way. */
const networkBaud = 100_000_000;

export function createLlrpReader({ air, antennas, clock }: LlrpReaderOptions): LlrpReader {
  const counts = { requests: 0, reports: 0, rounds: 0, discardedBytes: 0 };
  const missing = new Set<number>();
  let send: SendBytes | undefined;
  let hasHost = false;
  let spec: RoSpec | undefined;
  let round: Timer | undefined;
  let keepalive: Timer | undefined;
  let events: ReadonlySet<string> = new Set();
  let lastId = 0;

  const say = (type: string, data: Data, id = ++lastId): void => send?.(encodeLlrp({ id, type, data }));
  const tell = (event: Data): void =>
    say('READER_EVENT_NOTIFICATION', { ReaderEventNotificationData: { UTCTimestamp: utc(clock), ...event } });
  const greet = (): void => {
    if (hasHost) tell({ ConnectionAttemptEvent: { Status: 'Success' } });
  };

  const stopRound = (): void => {
    round?.cancel();
    round = undefined;
  };
  const forget = (): void => {
    stopRound();
    keepalive?.cancel();
    spec = undefined;
    events = new Set();
  };

  function stay(active: RoSpec, index: number): void {
    const antenna = active.antennas[index];
    if (antenna === undefined) {
      round = undefined;
      counts.rounds++;
      if (events.has('ROSpec_Event')) {
        tell({ ROSpecEvent: { EventType: 'End_Of_ROSpec', ROSpecID: active.id, PreemptingROSpecID: 0 } });
      }
      return;
    }
    const heard = missing.has(antenna) ? [] : air.round(antenna, clock.monotonicMs());
    round = clock.startTimer('llrp air', Math.max(1, Math.floor(active.durationMs / active.antennas.length)), () => {
      for (const { epc, rssiDbm, count } of heard) {
        counts.reports++;
        const tag = epc.length === 24 ? { EPC_96: { EPC: epc } } : { EPCData: { EPC: epc } };
        say('RO_ACCESS_REPORT', {
          TagReportData: {
            ...tag,
            AntennaID: { AntennaID: antenna },
            PeakRSSI: { PeakRSSI: rssiDbm },
            TagSeenCount: { TagCount: count },
          },
        });
      }
      stay(active, index + 1);
    });
  }

  function keepAlive(periodMs: number): void {
    keepalive?.cancel();
    if (periodMs <= 0) return;
    keepalive = clock.startTimer('llrp keepalive', periodMs, () => {
      say('KEEPALIVE', {});
      keepAlive(periodMs);
    });
  }

  function configure(data: Data): void {
    if (data.ResetToFactoryDefault === 1) forget();
    const states = listOf(recordOf(data.ReaderEventNotificationSpec).EventNotificationState);
    events = new Set(states.filter((one) => one.NotificationState === 1).map((one) => String(one.EventType)));
    keepAlive(Number(recordOf(data.KeepaliveSpec).PeriodicTriggerValue ?? 0));
  }

  /** Why a request cannot be carried out; null when it was. */
  function carryOut(type: string, data: Data): string | null {
    const isOwn = spec !== undefined && (data.ROSpecID === spec.id || data.ROSpecID === 0);
    switch (type) {
      case 'SET_READER_CONFIG':
        configure(data);
        return null;
      case 'DELETE_ROSPEC':
        stopRound();
        spec = undefined;
        return null;
      case 'ADD_ROSPEC':
        if (spec !== undefined) return 'there is a ROSpec already';
        spec = roSpecOf(recordOf(data.ROSpec), antennas);
        return null;
      case 'ENABLE_ROSPEC':
        if (spec === undefined || !isOwn) return 'no such ROSpec';
        spec.enabled = true;
        return null;
      case 'START_ROSPEC':
        if (spec === undefined || !isOwn || !spec.enabled || round !== undefined) return 'the ROSpec cannot start';
        stay(spec, 0);
        return null;
      case 'STOP_ROSPEC':
        stopRound();
        return null;
      case 'GET_READER_CONFIG':
      case 'CLOSE_CONNECTION':
        return null;
      default:
        return 'not supported';
    }
  }

  function onMessage({ id, bytes }: LlrpMessageBytes): void {
    const message = decodeLlrp(bytes);
    if (message === null || message.type === 'KEEPALIVE_ACK') return;
    counts.requests++;
    const problem = carryOut(message.type, message.data);
    const LLRPStatus = {
      StatusCode: problem === null ? 'M_Success' : 'M_FieldError',
      ErrorDescription: problem ?? '',
    };
    const asked = message.data.RequestedData === 'AntennaProperties' ? antennaProperties() : {};
    say(`${message.type}_RESPONSE`, { LLRPStatus, ...asked }, id);
    if (message.type === 'CLOSE_CONNECTION') {
      forget();
      hasHost = false;
    }
  }

  const antennaProperties = (): Data => ({
    AntennaProperties: Array.from({ length: antennas }, (_, index) => ({
      AntennaConnected: missing.has(index + 1) ? 0 : 1,
      AntennaID: index + 1,
      AntennaGain: 0,
    })),
  });
  const framer = createLlrpFramer({
    onMessage,
    onDiscard: (_reason, bytes) => {
      counts.discardedBytes += bytes;
    },
  });

  return {
    counters: () => ({ ...counts }),
    baud: () => networkBaud,
    powerOn: (sendBytes) => {
      send = sendBytes;
      greet();
    },
    powerOff: () => {
      send = undefined;
      forget();
      while (framer.pendingBytes > 0) framer.flushStale();
    },
    hostOpened: () => {
      forget();
      while (framer.pendingBytes > 0) framer.flushStale();
      hasHost = true;
      greet();
    },
    receive: (chunk) => {
      if (send !== undefined) framer.push(chunk);
    },
    connectAntenna: (antenna, connected) => {
      if (connected) missing.delete(antenna);
      else missing.add(antenna);
      const EventType = connected ? 'Antenna_Connected' : 'Antenna_Disconnected';
      if (events.has('Antenna_Event')) tell({ AntennaEvent: { EventType, AntennaID: antenna } });
    },
    close: forget,
  };
}

function roSpecOf(data: Data, antennas: number): RoSpec {
  const [search = {}] = listOf(data.AISpec);
  const asked = search.AntennaIDs;
  const list = (Array.isArray(asked) ? asked : [asked]).map(Number);
  return {
    id: Number(data.ROSpecID),
    antennas: list.includes(0)
      ? Array.from({ length: antennas }, (_, index) => index + 1)
      : list.filter((antenna) => antenna >= 1 && antenna <= antennas),
    durationMs: Math.max(1, Number(recordOf(search.AISpecStopTrigger).DurationTrigger ?? 0)),
    enabled: false,
  };
}

function utc(clock: Clock): Data {
  return { Microseconds: new Date(clock.wallMs()).toISOString().replace('Z', '000Z') };
}
