import type { Exchange } from './read-trace.js';

/** A question beyond the last recorded one gets the answer, and not a whole stream that followed it, again. */
const repeatWithinMs = 1_000;

/**
 * The part of one device in a replay. The agent of a replay asks a little earlier or later than the
 * recorded one, so its questions are matched by what they say and not by their place: the next
 * recorded exchange with the same question is played, and those of other questions stay. After the
 * last of them a question gets its last answer again.
 */
export interface Script {
  /** Takes what the agent wrote, cut anywhere; answers the exchanges that it set off. */
  ask(bytes: Uint8Array): readonly Exchange[];
  counts(): ScriptCounts;
}

export interface ScriptCounts {
  /** Questions that the trace knows; `repeated` of them beyond the last recorded one. */
  readonly known: number;
  readonly repeated: number;
  /** Bytes that belong to no recorded question: other settings, or another version of the agent. */
  readonly unknownBytes: number;
}

export function createScript(exchanges: readonly Exchange[]): Script {
  const queues = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    if (exchange.question === '') continue;
    const queue = queues.get(exchange.question);
    if (queue === undefined) queues.set(exchange.question, [exchange]);
    else queue.push(exchange);
  }
  const longest = Math.max(0, ...[...queues.keys()].map((question) => question.length));
  const counts = { known: 0, repeated: 0, unknownBytes: 0 };
  const played = new Set<Exchange>();
  let waiting = '';

  function next(): Exchange | 'more' | 'unknown' {
    // The longest one that fits: a question may begin with another one.
    for (let length = Math.min(longest, waiting.length); length > 0; length -= 2) {
      const queue = queues.get(waiting.slice(0, length));
      const first = queue?.[0];
      if (queue === undefined || first === undefined) continue;
      waiting = waiting.slice(length);
      counts.known++;
      if (queue.length > 1) queue.shift();
      if (!played.has(first)) {
        played.add(first);
        return first;
      }
      counts.repeated++;
      return { ...first, answers: first.answers.filter(({ afterMs }) => afterMs < repeatWithinMs) };
    }
    const mayGrow = waiting === '' || [...queues.keys()].some((question) => question.startsWith(waiting));
    return mayGrow ? 'more' : 'unknown';
  }

  return {
    ask: (bytes) => {
      waiting += Buffer.from(bytes).toString('hex');
      const asked: Exchange[] = [];
      for (;;) {
        const found = next();
        if (found === 'more') return asked;
        if (found === 'unknown') {
          counts.unknownBytes++;
          waiting = waiting.slice(2);
        } else asked.push(found);
      }
    },
    counts: () => ({ ...counts }),
  };
}
