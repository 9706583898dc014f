import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeContinuousRequest,
  startedReply,
  stoppedReply,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { versionReply } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import type { SearchRequest } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';

/** The other end of a line: says yes to every command, and then sends what the benchmark feeds it. */
export interface BenchModule {
  readonly link: SerialLink;
  /** The search that the driver asked for; undefined until it reads. */
  search(): SearchRequest | undefined;
  feed(chunk: Uint8Array): void;
}

const version = { bootloader: 0x14120800, hardware: 0x18000002, firmwareDate: 0x20180530, firmware: 0x01150102 };

export function createBenchModule(): BenchModule {
  let listeners: readonly ((chunk: Uint8Array) => void)[] = [];
  let search: SearchRequest | undefined;
  const say = (op: number, code: number, data: Uint8Array): void => {
    const bytes = encodeReply(op, code, data);
    queueMicrotask(() => {
      for (const listen of listeners) listen(bytes);
    });
  };
  const parser = createMercuryParser({
    direction: 'request',
    onDiscard: () => {},
    onFrame: ({ op, data }) => {
      if (op === opcode.version) say(op, status.ok, versionReply({ ...version, protocolMask: 0x10 }));
      else if (op === opcode.currentProgram) say(op, status.ok, Uint8Array.of(0x12));
      else if (op === opcode.continuous) {
        const request = decodeContinuousRequest(data);
        if (request?.kind === 'start') search = request.search;
        say(op, status.ok, request?.kind === 'start' ? startedReply() : stoppedReply());
        // Set-commands are taken; what a module may be asked beyond that, old firmware does not know.
      } else say(op, op >= 0x90 ? status.ok : status.invalidOpcode, new Uint8Array(0));
    },
  });
  return {
    link: {
      write: async (bytes) => parser.push(bytes),
      onData: (listen) => {
        listeners = [...listeners, listen];
      },
      onClose: () => {},
      close: async () => {},
    },
    search: () => search,
    feed: (chunk) => {
      for (const listen of listeners) listen(chunk);
    },
  };
}
