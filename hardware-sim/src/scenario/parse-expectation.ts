import type { Expectation, ExpectedLine, SeenExpectation } from './step.js';
import { type Refused, refused, timeOf, type Words } from './words.js';

/** What each expectation looks like. */
const forms: Readonly<Record<string, string>> = {
  taken: 'expect taken TOOL [by NAME|nobody] [disputed|undisputed] [order NUMBER]',
  returned: 'expect returned TOOL [by NAME|nobody] [taken by NAME] [disputed|undisputed]',
  forbidden: 'expect forbidden TOOL by NAME',
  unsigned: 'expect unsigned TOOL',
  not: 'expect not ... (anything but no, not, same, flipped and fleet)',
  same: 'expect same bytes again',
  flipped: 'expect flipped nothing|TOOL ...',
  fleet: 'expect fleet complete | fleet p99 under TIME',
  no: 'expect no line [for TOOL] | expect no event KIND',
  screen: 'expect screen PHASE',
  refused: 'expect refused unknown|expired|lost|revoked|suspended|rulebook_missing|pin_wrong|pin_locked',
  event: 'expect event KIND [of uhf|badge|lock] [for TOOL] [by NAME]',
  dispute: 'expect dispute TOOL corrected|stays_disputed',
  answer: 'expect answer ok|CODE',
  found: 'expect found TOOL inside|out|missing|elsewhere [forbidden REASON]',
  my: 'expect my data nothing|TOOL ...',
  notice: 'expect notice read|unread',
  holder: 'expect holder TOOL NAME|nobody',
  inside: 'expect inside TOOL',
  missing: 'expect missing TOOL',
  door: 'expect door N locked|unlocked',
  cloud: 'expect cloud complete',
  pending: 'expect pending N',
  online: 'expect online',
  offline: 'expect offline',
  device: 'expect device uhf|badge|lock STATUS',
  fault: 'expect fault journal|uplink|rulebook',
};

/** Understands what comes after the word `expect`. */
export function parseExpectation(words: Words): Expectation | Refused {
  const [first = ''] = words;
  if (first === 'not') return opposite(words.slice(1));
  if (first === 'flipped' && words.length > 1) {
    return { kind: 'flipped', tools: words[1] === 'nothing' ? [] : words.slice(1) };
  }
  if (first === 'fleet') return fleetExpectation(words.slice(1)) ?? refused(`write it as: ${forms[first]}`);
  if (first !== 'same') return parseSeen(words);
  return words.join(' ') === 'same bytes again' ? { kind: 'same again' } : refused(`write it as: ${forms[first]}`);
}

function parseSeen(words: Words): SeenExpectation | Refused {
  const [first = ''] = words;
  const form = forms[first];
  if (form === undefined) {
    return refused(`nothing called "${first}" can be expected; there are ${Object.keys(forms).join(', ')}`);
  }
  return (
    lineExpectation(words) ?? screenExpectation(words) ?? stateExpectation(words) ?? refused(`write it as: ${form}`)
  );
}

function fleetExpectation(words: Words): Expectation | undefined {
  if (words.join(' ') === 'complete') return { kind: 'fleet complete' };
  const underMs = timeOf(words.slice(2));
  return words[0] === 'p99' && words[1] === 'under' && underMs !== undefined
    ? { kind: 'fleet p99', underMs }
    : undefined;
}

function opposite(words: Words): Expectation | Refused {
  if (['no', 'not', 'same', 'flipped', 'fleet'].includes(words[0] ?? '')) return refused(`write it as: ${forms.not}`);
  const expectation = parseSeen(words);
  return 'problem' in expectation ? expectation : { kind: 'not', expectation };
}

function lineExpectation(words: Words): SeenExpectation | undefined {
  const [first = '', tool, ...rest] = words;
  const any = { by: undefined, takenBy: undefined, disputed: undefined, authority: undefined, order: undefined };
  switch (first) {
    case 'taken':
    case 'returned':
      return tool === undefined ? undefined : qualified({ ...any, movement: first, tool }, rest);
    case 'forbidden':
      return tool === undefined
        ? undefined
        : qualified({ ...any, movement: 'taken', tool, authority: 'forbidden' }, rest);
    case 'unsigned':
      return tool === undefined || rest.length > 0
        ? undefined
        : { kind: 'line', line: { ...any, movement: 'taken', tool, authority: 'unsigned', by: null } };
    case 'no':
      if (tool === 'event' && rest.length === 1) return { kind: 'no event', event: rest[0] ?? '' };
      if (tool !== 'line') return undefined;
      if (rest.length === 0) return { kind: 'no line', tool: null };
      return rest.length === 2 && rest[0] === 'for' ? { kind: 'no line', tool: rest[1] ?? '' } : undefined;
    default:
      return undefined;
  }
}

function qualified(line: ExpectedLine, words: Words): SeenExpectation | undefined {
  const [first, second, third] = words;
  if (first === undefined) return { kind: 'line', line };
  if (first === 'by' && second !== undefined) {
    return qualified({ ...line, by: second === 'nobody' ? null : second }, words.slice(2));
  }
  if (first === 'taken' && second === 'by' && third !== undefined) {
    return qualified({ ...line, takenBy: third }, words.slice(3));
  }
  if (first === 'order' && second !== undefined) return qualified({ ...line, order: second }, words.slice(2));
  if (first === 'disputed' || first === 'undisputed') {
    return qualified({ ...line, disputed: first === 'disputed' }, words.slice(1));
  }
  return undefined;
}

type EventExpectation = Extract<Expectation, { kind: 'event' }>;

function qualifiedEvent(event: EventExpectation, words: Words): EventExpectation | undefined {
  const [first, second] = words;
  if (first === undefined) return event;
  const field = ({ of: 'device', for: 'tool', by: 'by' } as const)[first as 'of' | 'for' | 'by'];
  if (field === undefined || second === undefined) return undefined;
  return qualifiedEvent({ ...event, [field]: second }, words.slice(2));
}

/** What the cabinet's screen answers and shows. */
function screenExpectation(words: Words): SeenExpectation | undefined {
  const [kind = '', first, second, third, fourth] = words;
  if (first === undefined) return undefined;
  switch (kind) {
    case 'dispute':
      if (second !== 'corrected' && second !== 'stays_disputed') return undefined;
      return { kind: 'dispute settled', tool: first, outcome: second };
    case 'answer':
      return words.length === 2 ? { kind, code: first } : undefined;
    case 'found': {
      if (second === undefined || (third !== undefined && (third !== 'forbidden' || fourth === undefined))) {
        return undefined;
      }
      return { kind, tool: first, where: second, forbidden: fourth ?? null };
    }
    case 'my':
      if (first !== 'data' || second === undefined) return undefined;
      return { kind: 'my data', tools: second === 'nothing' ? [] : words.slice(2) };
    case 'notice':
      return first === 'read' || first === 'unread' ? { kind, read: first === 'read' } : undefined;
    default:
      return undefined;
  }
}

function stateExpectation(words: Words): SeenExpectation | undefined {
  const [kind = '', first, second] = words;
  const device = (['uhf', 'badge', 'lock'] as const).find((one) => one === first);
  if (kind === 'online' || kind === 'offline') {
    return words.length === 1 ? { kind: 'online', online: kind === 'online' } : undefined;
  }
  if (first === undefined) return undefined;
  switch (kind) {
    case 'screen':
      return words.length === 2 ? { kind, phase: first } : undefined;
    case 'refused':
      return words.length === 2 ? { kind, refusal: first } : undefined;
    case 'event':
      return qualifiedEvent({ kind, event: first, device: null, tool: null, by: null }, words.slice(2));
    case 'holder':
      return second === undefined ? undefined : { kind, tool: first, who: second === 'nobody' ? null : second };
    case 'inside':
    case 'missing':
      return words.length === 2 ? { kind, tool: first } : undefined;
    case 'door':
      if (second !== 'locked' && second !== 'unlocked') return undefined;
      return { kind, door: Number(first), locked: second === 'locked' };
    case 'cloud':
      return first === 'complete' ? { kind: 'cloud complete' } : undefined;
    case 'pending':
      return Number(first) > 0 ? { kind, atLeast: Number(first) } : undefined;
    case 'device':
      return device === undefined || second === undefined ? undefined : { kind, device, status: second };
    case 'fault':
      return { kind: 'fault told', part: first };
    default:
      return undefined;
  }
}
