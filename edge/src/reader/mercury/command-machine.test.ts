import { describe, expect, it } from 'vitest';
import { type CommandInput, type CommandOutcome, newLine, nextCommand, noCommand } from './command-machine.js';

const send = (op: number): CommandInput => ({ kind: 'send', op });
const frame = (op: number): CommandInput => ({ kind: 'frame', op });
const timeout: CommandInput = { kind: 'timeout' };

describe('nextCommand', () => {
  it.each<[string, readonly CommandInput[], readonly CommandOutcome[]]>([
    ['pairs a reply with its command', [send(0x03), frame(0x03)], ['sent', 'response']],
    ['keeps one command in flight', [send(0x03), send(0x97)], ['sent', 'busy']],
    ['lets reports pass while it waits', [send(0x2f), frame(0x22), frame(0x2f)], ['sent', 'report', 'response']],
    ['takes reports while nothing is asked', [frame(0x22)], ['report']],
    ['sees a restart in a reply nobody asked for', [frame(0x04)], ['restarted']],
    ['sees a restart in the reply to another command', [send(0x97), frame(0x04)], ['sent', 'restarted']],
    ['can ask again after a restart', [send(0x03), frame(0x04), send(0x03)], ['sent', 'restarted', 'sent']],
    ['sees autonomous reading as no report', [frame(0x9d)], ['restarted']],
    ['gives up after the time-out', [send(0x03), timeout, send(0x97)], ['sent', 'unanswered', 'sent']],
    [
      'knows a late reply',
      [send(0x03), timeout, frame(0x03), frame(0x03)],
      ['sent', 'unanswered', 'late', 'restarted'],
    ],
    [
      'takes the first of two replies when it asked twice',
      [send(0x93), timeout, send(0x93), frame(0x93), frame(0x93)],
      ['sent', 'unanswered', 'sent', 'response', 'late'],
    ],
    ['ignores a time-out of nothing', [timeout], ['nothing']],
  ])('%s', (_name, inputs, outcomes) => {
    let state = noCommand;
    const seen = inputs.map((input) => {
      const step = nextCommand(state, input);
      state = step.state;
      return step.outcome;
    });
    expect(seen).toEqual(outcomes);
  });

  it('takes the acknowledged stop of whoever had the line before for what it is', () => {
    const { state, outcome } = nextCommand(newLine, frame(0x2f));
    expect(outcome).toBe('late');
    expect(nextCommand(state, frame(0x2f)).outcome).toBe('restarted');
  });
});
