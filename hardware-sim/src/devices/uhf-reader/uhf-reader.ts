import { opcode, readerParam, staleAfterMs } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { encodeReply, type MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { versionReply } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { createMercuryParser, type MercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Air } from '../../field/air.js';
import { createTagFlags, type Persistence } from '../../field/tag-flags.js';
import { type AirSearch, type AirSearchOptions, startAirSearch } from './air-search.js';
import { type Command, nothing, type ReaderContext } from './answer.js';
import { antennaCommands } from './antenna-commands.js';
import { moduleCommands } from './module-commands.js';
import { radioCommands } from './radio-commands.js';
import type { ReaderBehaviour } from './reader-behaviour.js';
import { type AirTimes, m6eModel, type ReaderModel, usualAirTimes } from './reader-model.js';
import { freshState, isOn, type ReaderState } from './reader-state.js';
import { createTagCommands, type TagCommands } from './tag-commands.js';

export interface UhfReaderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly air: Air;
  /** Puts bytes on the line to the host; one call for each message. */
  readonly send: (bytes: Uint8Array) => void;
  /** Number of ports. */
  readonly antennas: number;
  readonly baudRate: number;
  readonly model?: ReaderModel;
  readonly times?: AirTimes;
  /** How long tags remember that they were asked. */
  readonly persistence?: Persistence;
}

export interface UhfReaderCounters {
  /** Requests with a right check value. */
  requests: number;
  /** Requests answered with another status than 0. */
  refusals: number;
  /** Requests dropped because the module was still busy with too many others. */
  overrun: number;
  /** Bytes from the host that belonged to no request, also those that came while the module started. */
  discardedBytes: number;
}

/** A Mercury module as its serial connector shows it. */
export interface UhfReader {
  receive(chunk: Uint8Array): void;
  /** Puts a behaviour in front; returns what takes it away again. */
  addBehaviour(behaviour: ReaderBehaviour): () => void;
  /** The module starts anew: it forgets its settings and sends its boot message when it is ready. */
  restart(): void;
  close(): void;
  readonly state: ReaderState;
  readonly counters: Readonly<UhfReaderCounters>;
}

const bitsPerByte = 10;
/** Requests that wait while a search occupies the module. */
const waitingCapacity = 16;

const commands: ReadonlyMap<number, Command> = new Map([...moduleCommands, ...radioCommands, ...antennaCommands]);

const bootloaderOps: readonly number[] = [
  opcode.version,
  opcode.bootApplication,
  opcode.setBaud,
  opcode.bootBootloader,
  opcode.currentProgram,
];

/** Answers any host that speaks the Mercury serial protocol; what takes time on the air is timed by the clock. */
export function createUhfReader(options: UhfReaderOptions): UhfReader {
  const { clock, model = m6eModel, times = usualAirTimes } = options;
  const random = options.random.fork('uhf reader');
  const counters: UhfReaderCounters = { requests: 0, refusals: 0, overrun: 0, discardedBytes: 0 };
  let context: ReaderContext = { model, state: freshState(model, options.baudRate), ports: options.antennas };
  let behaviours: readonly ReaderBehaviour[] = [];
  let waiting: MercuryRequest[] = [];
  let parser: MercuryParser = newParser();
  let tags: TagCommands = newTagCommands();
  let boot: Timer | undefined;
  let silence: Timer | undefined;
  let closed = false;
  /** Tags keep their flags whatever becomes of the reader. */
  const flags = createTagFlags(options.persistence);
  let lineFreeAtMs = 0;

  function newParser(): MercuryParser {
    return createMercuryParser({
      direction: 'request',
      onFrame: ({ op, data }) => {
        counters.requests++;
        if (waiting.length < waitingCapacity) waiting.push({ op, data });
        else counters.overrun++;
      },
      onDiscard: (_reason, bytes) => {
        counters.discardedBytes += bytes;
      },
    });
  }

  function newTagCommands(): TagCommands {
    return createTagCommands({ clock, context, reply, startSearch, execute, onFree: work });
  }

  function startSearch(
    search: Pick<AirSearchOptions, 'searchMs' | 'selects'>,
    listen: Pick<AirSearchOptions, 'onTag' | 'onProblem' | 'onEnd'>,
  ): AirSearch {
    const { air } = options;
    const { state } = context;
    return startAirSearch({ clock, random, air, flags, times, state, fullForMs, alter, ...search, ...listen });
  }

  function fullForMs(): number {
    const bufferMs = bytesMs(model.outputBytes);
    return lineFreeAtMs - bufferMs - clock.monotonicMs();
  }

  /** How long so many bytes are on the line. */
  function bytesMs(bytes: number): number {
    return (bytes * bitsPerByte * 1000) / context.state.baud;
  }

  const alter: AirSearchOptions['alter'] = (reads, antenna) =>
    behaviours.reduce((left, behaviour) => behaviour.onRound?.(left, antenna) ?? left, reads);

  function reply(op: number, code: number, data: Uint8Array): void {
    if (closed) return;
    if (code !== status.ok && code !== status.noTags) counters.refusals++;
    const frame = encodeReply(op, code, data);
    let bytes: Uint8Array | null = isOn(context.state, readerParam.sendCrc) ? frame : frame.subarray(0, -2);
    for (const behaviour of behaviours) {
      bytes = behaviour.onSend === undefined ? bytes : behaviour.onSend(bytes);
      if (bytes === null) return;
    }
    lineFreeAtMs = Math.max(lineFreeAtMs, clock.monotonicMs()) + bytesMs(bytes.length);
    options.send(bytes);
  }

  /** Answers requests in their order; a search holds up those behind it. */
  function work(): void {
    while (!closed && boot === undefined && !tags.isBusy) {
      const request = waiting.shift();
      if (request === undefined) return;
      handle(request);
    }
  }

  function handle(request: MercuryRequest): void {
    for (const behaviour of behaviours) {
      if ((behaviour.onRequest?.(request, { reply, restart }) ?? 'pass') !== 'pass') return;
    }
    if (context.state.program === 'bootloader' && !bootloaderOps.includes(request.op)) {
      reply(request.op, status.invalidOpcode, nothing);
    } else if (request.op === opcode.bootApplication || request.op === opcode.bootBootloader) {
      changeProgram(request);
    } else if (!tags.handle(request)) {
      const answer = execute(request);
      reply(request.op, answer.status, answer.data);
    }
  }

  function execute({ op, data }: MercuryRequest): ReturnType<Command> {
    const command = commands.get(op);
    return command === undefined ? { status: status.invalidOpcode, data: nothing } : command(data, context);
  }

  function changeProgram({ op, data }: MercuryRequest): void {
    if (data.length > 0) {
      reply(op, status.wrongLength, nothing);
      return;
    }
    tags.cancel();
    context.state.program = op === opcode.bootApplication ? 'application' : 'bootloader';
    reply(op, status.ok, op === opcode.bootApplication ? versionReply(model.version) : nothing);
  }

  function watchForSilence(): void {
    silence?.cancel();
    silence = undefined;
    if (closed || parser.pendingBytes === 0) return;
    silence = clock.startTimer('uhf reader stale', staleAfterMs, () => {
      parser.flushStale();
      work();
      watchForSilence();
    });
  }

  function restart(): void {
    if (closed) return;
    tags.cancel();
    waiting = [];
    counters.discardedBytes += parser.pendingBytes;
    parser = newParser();
    silence?.cancel();
    context = { ...context, state: freshState(model, options.baudRate, context.state.missingPorts) };
    tags = newTagCommands();
    boot?.cancel();
    boot = clock.startTimer('uhf reader boot', times.bootMs, () => {
      boot = undefined;
      if (context.state.program === 'application') {
        reply(opcode.bootApplication, status.ok, versionReply(model.version));
      }
    });
  }

  return {
    receive: (chunk) => {
      if (closed || boot !== undefined) {
        counters.discardedBytes += chunk.length;
        return;
      }
      parser.push(chunk);
      work();
      watchForSilence();
    },
    addBehaviour: (behaviour) => {
      behaviours = [behaviour, ...behaviours];
      return () => {
        behaviours = behaviours.filter((other) => other !== behaviour);
      };
    },
    restart,
    close: () => {
      closed = true;
      tags.cancel();
      boot?.cancel();
      silence?.cancel();
    },
    get state() {
      return context.state;
    },
    counters,
  };
}
