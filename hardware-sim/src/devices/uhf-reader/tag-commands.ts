import { opcode, searchFlag, searchOption } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeContinuousRequest,
  startedReply,
  stoppedReply,
  whileReadingReply,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import {
  decodeReadTagRequest,
  decodeSearchRequest,
  decodeTagBufferRequest,
  type ReadTagRequest,
  readTagReply,
  type SearchRequest,
  searchCountReply,
  tagBufferIndicesReply,
} from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { decodeSelects } from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { encodeMetadata } from '@tagtrail/shared/protocol/mercury/mercury-tag-record.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { AirSearch, HeardTag } from './air-search.js';
import { type Answer, done, nothing, type ReaderContext, refused } from './answer.js';
import { createTagBuffer, recordOf } from './tag-buffer.js';
import { decodeReadDataRequest, readTagMemory, refuseWriting } from './tag-memory.js';
import { startTagStream, type TagStream, type TagStreamOptions } from './tag-stream.js';

export interface TagCommandsOptions {
  readonly clock: Clock;
  readonly context: ReaderContext;
  readonly startSearch: TagStreamOptions['startSearch'];
  readonly reply: TagStreamOptions['reply'];
  /** Carries out a command that takes no time on the air. */
  readonly execute: (request: MercuryRequest) => Answer;
  /** The module can take the next request. */
  readonly onFree: () => void;
}

/** The commands that use the air: searches, single reads, tag memory, continuous reading. */
export interface TagCommands {
  /** True while a command holds up the next one. Continuous reading does not. */
  readonly isBusy: boolean;
  /** False when the command is none of these. */
  handle(request: MercuryRequest): boolean;
  cancel(): void;
}

const unimplementedFeature = 0x0109;
/** Option bits of a select filter; 5 is a password without one. */
const selectBits = 0x07;
const passwordOnly = 0x05;

export function createTagCommands(options: TagCommandsOptions): TagCommands {
  const { clock, context, reply } = options;
  const { state } = context;
  const buffer = createTagBuffer();
  let search: AirSearch | undefined;
  let stream: TagStream | undefined;
  let stopping = false;

  /** Why the module cannot transmit, or null. */
  function transmitFault(): number | null {
    if (state.region === 0) return status.transmitterNotSetUp;
    return state.protocol === 0 ? status.noProtocol : null;
  }

  function cancel(): void {
    search?.cancel();
    stream?.cancel();
    search = undefined;
    stream = undefined;
    stopping = false;
  }

  function free(): void {
    search = undefined;
    options.onFree();
  }

  /** Searches until `wanted` says that a tag is enough, then answers. */
  function find(op: number, timeoutMs: number, answer: (tag: HeardTag) => Answer): void {
    const fault = transmitFault();
    if (fault !== null) {
      reply(op, fault, nothing);
      return;
    }
    cancel();
    let found: HeardTag | undefined;
    let problem: number = status.noTags;
    search = options.startSearch(
      { searchMs: Math.max(1, timeoutMs), selects: [] },
      {
        onTag: (tag) => {
          found ??= tag;
          search?.stop();
        },
        onProblem: (code) => {
          problem = code;
        },
        onEnd: () => {
          const said = found === undefined ? refused(problem) : answer(found);
          reply(op, said.status, said.data);
          free();
        },
      },
    );
  }

  function readTag({ timeoutMs, option, metadataFlags }: ReadTagRequest): void {
    find(opcode.readTag, timeoutMs, (tag) => {
      if (metadataFlags === null || option === null) return done(readTagReply(tag.epc, option));
      const head = [option, metadataFlags >>> 8, metadataFlags & 0xff];
      return done(
        Uint8Array.of(...head, ...encodeMetadata(recordOf(tag), metadataFlags), ...readTagReply(tag.epc, null)),
      );
    });
  }

  /** The status that refuses a search, or null. */
  function searchFault(request: SearchRequest): number | null {
    const selects = decodeSelects(request);
    const select = (request.extendedOption ?? request.option) & selectBits;
    const filters = select !== 0 && select !== passwordOnly && request.rest.length > 0;
    const isOldFilter = filters && selects?.length === 0;
    if (isOldFilter || (request.flags & searchFlag.embeddedCommand) !== 0) return unimplementedFeature;
    if (selects === null || selects.length > context.model.mostSelects) return status.invalidParameter;
    return transmitFault();
  }

  function searchOnce(request: SearchRequest): void {
    const fault = searchFault(request);
    if (fault !== null) {
      reply(opcode.search, fault, nothing);
      return;
    }
    cancel();
    buffer.clear();
    let problem: number = status.noTags;
    const sent = { searchMs: Math.max(1, request.timeoutMs), selects: decodeSelects(request) ?? [] };
    search = options.startSearch(sent, {
      onTag: (tag) => {
        if (!buffer.add(tag, state)) problem = status.tagBufferFull;
        if (request.stopAfterTags !== null && buffer.written >= request.stopAfterTags) search?.stop();
      },
      onProblem: (code) => {
        problem = code;
      },
      onEnd: () => {
        const { option, extendedOption, flags } = request;
        if (buffer.written === 0 || problem === status.tagBufferFull) reply(opcode.search, problem, nothing);
        else {
          const count = { option: option & ~searchOption.metadata, extendedOption, flags, tags: buffer.written };
          reply(opcode.search, status.ok, searchCountReply(count, context.model.countLayout));
        }
        free();
      },
    });
  }

  function startStream(request: SearchRequest, timeoutMs: number): void {
    const fault = searchFault(request);
    if (fault !== null) {
      reply(opcode.continuous, fault, nothing);
      return;
    }
    cancel();
    reply(opcode.continuous, status.ok, startedReply());
    stream = startTagStream({
      clock,
      context,
      search: request,
      timeoutMs,
      startSearch: options.startSearch,
      reply,
      onEnd: () => {
        stream = undefined;
        stopping = false;
        options.onFree();
      },
    });
  }

  function continuous(data: Uint8Array): void {
    const request = decodeContinuousRequest(data);
    if (request === null) {
      reply(opcode.continuous, status.wrongLength, nothing);
      return;
    }
    if (request.kind === 'start') {
      startStream(request.search, request.timeoutMs);
      return;
    }
    if (request.kind === 'command') {
      const { op } = request.command;
      const answer = options.execute(request.command);
      reply(opcode.continuous, answer.status, whileReadingReply(op, answer.data));
      return;
    }
    if (stream === undefined) {
      reply(opcode.continuous, status.ok, stoppedReply());
      return;
    }
    stopping = true;
    stream.stop();
  }

  function fetchTags(data: Uint8Array): void {
    const request = decodeTagBufferRequest(data);
    if (request === null) {
      reply(opcode.tagBuffer, status.wrongLength, nothing);
      return;
    }
    if (request === 'indices') {
      reply(opcode.tagBuffer, status.ok, tagBufferIndicesReply(buffer.written, buffer.read));
      return;
    }
    const records = buffer.fetch(request);
    reply(opcode.tagBuffer, records === null ? status.notEnoughTagsInBuffer : status.ok, records ?? nothing);
  }

  function dispatch({ op, data }: MercuryRequest): boolean {
    switch (op) {
      case opcode.readTag: {
        const request = decodeReadTagRequest(data);
        if (request === null) reply(op, status.wrongLength, nothing);
        else readTag(request);
        return true;
      }
      case opcode.search: {
        const request = decodeSearchRequest(data);
        if (request === null) reply(op, status.wrongLength, nothing);
        else searchOnce(request);
        return true;
      }
      case opcode.tagBuffer:
        fetchTags(data);
        return true;
      case opcode.clearTagBuffer:
        if (data.length === 0) buffer.clear();
        reply(op, data.length === 0 ? status.ok : status.wrongLength, nothing);
        return true;
      case opcode.continuous:
        continuous(data);
        return true;
      case opcode.readData: {
        const request = decodeReadDataRequest(data);
        if (request === null) reply(op, status.wrongLength, nothing);
        else find(op, request.timeoutMs, (tag) => readTagMemory(tag, request));
        return true;
      }
      case opcode.writeEpc:
      case opcode.writeData:
      case opcode.lockTag:
      case opcode.killTag:
        if (data.length < 3) reply(op, status.wrongLength, nothing);
        else find(op, ((data[0] as number) << 8) | (data[1] as number), refuseWriting);
        return true;
      default:
        return false;
    }
  }

  return {
    get isBusy() {
      return search !== undefined || stopping;
    },
    handle: dispatch,
    cancel,
  };
}
