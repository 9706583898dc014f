import { reportedWhat } from '@tagtrail/shared/events/desk-event.js';
import { type ShiftDecision, shiftDecision } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { Tap } from './step.js';
import type { Words } from './words.js';

/** What each tap on the screen looks like, by its first word. */
export const tapForms: Readonly<Record<string, string>> = {
  pin: 'pin NAME [wrong [N times]]',
  order: 'order NUMBER|none',
  dispute: 'dispute TOOL',
  report: 'report TOOL broken|incomplete|lost',
  search: 'search TOOL',
  hand: 'hand over TOOL ... | hand over nothing',
  shift: 'shift end [TOOL=keeping|left_on_job|returned_elsewhere|lost ...]',
  return: 'return only [TOOL ...]',
  acknowledge: 'acknowledge notice',
};

/** A tap; undefined for anything else. */
export function parseTap(words: Words): Tap | undefined {
  const [verb = '', first, second, third] = words;
  if (first === undefined) return undefined;
  const alone = words.length === 2;
  switch (verb) {
    case 'pin':
      return pinTap(words);
    case 'order':
      return alone ? { kind: 'order', number: first === 'none' ? null : first } : undefined;
    case 'dispute':
    case 'search':
      return alone ? { kind: verb, tool: first } : undefined;
    case 'report': {
      const what = reportedWhat.safeParse(second);
      return what.success && words.length === 3 ? { kind: 'report', tool: first, what: what.data } : undefined;
    }
    case 'end': {
      const outcome = (['accounted', 'declared_lost'] as const).find((one) => one === third);
      if (first !== 'search' || second === undefined || outcome === undefined) return undefined;
      return { kind: 'end search', tool: second, outcome };
    }
    case 'hand': {
      if (first !== 'over' || second === undefined) return undefined;
      return { kind: 'hand over', tools: second === 'nothing' ? [] : words.slice(2) };
    }
    case 'shift':
      return first === 'end' ? shiftTap(words.slice(2)) : undefined;
    case 'return':
      return first === 'only' ? { kind: 'return only', tools: words.slice(2) } : undefined;
    case 'acknowledge':
      return first === 'notice' && alone ? { kind: 'acknowledge' } : undefined;
    default:
      return undefined;
  }
}

function pinTap([, who = '', wrong, times = '1', unit]: Words): Tap | undefined {
  if (wrong === undefined) return { kind: 'pin', who, right: true, times: 1 };
  const isCount = unit === undefined ? times === '1' : unit === 'times' && Number(times) > 0;
  return wrong === 'wrong' && isCount ? { kind: 'pin', who, right: false, times: Number(times) } : undefined;
}

function shiftTap(words: Words): Tap | undefined {
  const decisions: (readonly [string, ShiftDecision])[] = [];
  for (const word of words) {
    const [tool = '', said] = word.split('=');
    const decision = shiftDecision.safeParse(said);
    if (!decision.success) return undefined;
    decisions.push([tool, decision.data]);
  }
  return { kind: 'shift end', decisions };
}
