import { deskEn } from './describe-desk-en.js';
import { rulesEn } from './describe-rules-en.js';
import { joined, type Sentence, some, type Words } from './describe-words.js';

const sentences: Words['sentences'] = {
  ...deskEn,
  ...rulesEn,
  'cabinet.started': () => '{cabinet} started',
  'cabinet.stopped': (f) => (f.text('reason') === null ? '{cabinet} stopped' : '{cabinet} stopped: {reason}'),
  'rulebook.applied': () => '{cabinet} now works by rulebook {version}',
  'device.lost': (f) => {
    if (f.is('reason', 'unplugged')) return 'The {device} of {cabinet} is unplugged';
    if (f.is('reason', 'garbled')) return 'The {device} of {cabinet} sends garbage';
    if (f.is('reason', 'refused')) return 'The {device} of {cabinet} refuses to work';
    return 'The {device} of {cabinet} does not answer';
  },
  'device.restored': () => 'The {device} of {cabinet} works again after {afterMs}',
  'badge.accepted': (f) => (f.actor ? '{actor} signed in at {cabinet}' : '{cabinet} accepted a badge'),
  'badge.refused': (f) =>
    f.actor ? '{cabinet} refused the badge of {actor}: {refusal}' : '{cabinet} refused a badge: {refusal}',
  'session.opened': (f) => {
    if (f.text('command') !== null) return '{cabinet} was opened from afar';
    if (f.is('signed', false) || !f.actor) return '{cabinet} is being used without a badge';
    return f.text('returnOnly') === null ? '{actor} is at {cabinet}' : '{actor} is at {cabinet}, only to bring back';
  },
  'door.unlocked': (f) => (f.actor ? '{cabinet} unlocked door {door} for {actor}' : '{cabinet} unlocked door {door}'),
  'door.opened': (f) =>
    f.is('signed', false) || !f.actor
      ? 'Door {door} of {cabinet} was opened without a badge'
      : '{actor} opened door {door} of {cabinet}',
  'door.closed': (f) =>
    f.actor
      ? '{actor} closed door {door} of {cabinet} after {openForMs}'
      : 'Door {door} of {cabinet} was closed after {openForMs}',
  'door.left_open': () => 'Door {door} of {cabinet} has been open for {openForMs}',
  'session.closed': (f) => closed(f),
  'asset.checked_out': (f) => taken(f),
  'asset.returned': (f) => returned(f),
  'tag.unknown_seen': () => '{cabinet} saw a tag that is not registered: {epc}',
  'inventory.settled': (f) => {
    const present = f.count('present');
    const inside = present === null ? null : present === 1 ? '1 tool inside' : `${present} tools inside`;
    const rest = joined([
      inside,
      some(f.count('missing'), '1 missing', '# missing'),
      some(f.count('doubtful'), '1 in doubt', '# in doubt'),
    ]);
    return rest === '' ? '{cabinet} counted its tools' : `{cabinet} counted its tools: ${rest}`;
  },
  'checkpoint.refused': () =>
    '{cabinet} refused a checkpoint of {size} lines: it does not continue the {seen} lines that it has cosigned',
  'journal.damaged': () => '{cabinet} found lines {fromSeq} to {toSeq} of its journal damaged and set them aside',
  'journal.forked': () => '{cabinet} holds another history than the cloud and began a new log: {detail}',
  'clock.stepped': () => 'The clock of {cabinet} was set',
  'key.rotated': () => '{cabinet} made itself a new signing key',
  'command.carried_out': () => '{cabinet} did as it was told: {what}',
  'command.refused': () => '{cabinet} did not do as it was told ({what}): {reason}',

  'tenant.created': () => '{name} was set up',
  'site.created': () => 'The site {name} was added',
  'cabinet.created': () => 'The cabinet {name} was added',
  'cabinet.enrolment_code_issued': () => 'A code to enrol {cabinet} was issued',
  'cabinet.revoked': () => '{cabinet} was cut off; nothing of it is believed until it enrols again',
  'cabinet.enrolled': () => '{cabinet} was enrolled with a key of its own',
  'cabinet.enrolment_refused': () => 'An attempt to enrol {cabinet} was refused: {reason}',
  'cabinet.command_sent': () => '{cabinet} was told: {command}',
  'cabinet.connected': () => '{cabinet} is connected',
  'cabinet.disconnected': (f) =>
    f.text('reason') === null ? '{cabinet} is no longer connected' : '{cabinet} is no longer connected: {reason}',
  'cabinet.gap_opened': () => '{cabinet} does not send line {fromSeq} of its journal, which is missing here',
  'cabinet.gap_closed': (f) =>
    f.is('how', 'arrived')
      ? 'The lines of {cabinet} from {fromSeq} on, which were missing, have arrived'
      : '{cabinet} says that the missing lines from {fromSeq} on are lost',
  'cabinet.clone_suspected': (f) =>
    f.is('reason', 'two_boots')
      ? 'Two devices seem to use the identity of {cabinet}'
      : '{cabinet} tells another history than before: its disk was put back, or two devices use its identity',
  'asset.created': () => '{asset} was added',
  'asset.updated': (f) => (f.text('reason') === null ? '{asset} was changed' : '{asset} was changed: {reason}'),
  'tag.bound': (f) => (f.text('replaces') === null ? '{asset} got the tag {epc}' : '{asset} got the new tag {epc}'),
  'person.created': (f) => (f.counterpart ? '{counterpart} was added' : 'A person was added'),
  'person.updated': (f) =>
    f.counterpart ? 'The details of {counterpart} were changed' : "A person's details were changed",
  'person.left': (f) =>
    (f.counterpart ? '{counterpart} has left' : 'A person has left') +
    ((f.number('holding') ?? 0) > 0 ? '; still out: {holding}' : ''),
  'badge.issued': (f) => (f.counterpart ? '{counterpart} got a badge' : 'A badge was issued'),
  'badge.revoked': (f) =>
    f.counterpart ? 'A badge of {counterpart} was withdrawn: {reason}' : 'A badge was withdrawn: {reason}',
  'order.created': () => 'The order {number} was opened',
  'order.closed': () => 'The order {number} was closed',
  'rulebook.issued': () => 'Rulebook {version} was issued to {cabinet}',
  'custody.carried': () => '{asset} is where earlier lines had it',
  'retention.rule_set': (f) =>
    f.number('toDays') === null
      ? 'Retention of {category} was set to: keep for ever'
      : 'Retention of {category} was set to {toDays} days, then {action}',
  'retention.change_asked': (f) =>
    f.is('action', 'pseudonymise')
      ? '{actor} wants the names out of {category} after {toDays} days: a second person has to agree'
      : '{actor} wants {category} deleted after {toDays} days: a second person has to agree',
  'retention.change_decided': (f) =>
    f.is('outcome', 'approved')
      ? '{actor} agreed to keep {category} for {toDays} days only'
      : f.is('outcome', 'rejected')
        ? '{actor} did not agree to keep {category} for {toDays} days only'
        : 'The wish to keep {category} for {toDays} days only was taken back',
  'retention.rule_dropped': () => '{site} no longer has a rule of its own for {category}',
  'hold.placed': (f) => (f.counterpart ? 'A legal hold was placed on {counterpart}' : 'A legal hold was placed'),
  'hold.released': () => 'A legal hold was released',
  'retention.run': (f) =>
    f.is('action', 'pseudonymise')
      ? 'Retention removed the names from {entries} lines of {category}'
      : 'Retention deleted {entries} lines of {category}',
  'retention.cleared': () => 'Retention cleared records beside the trail: {what} ({rows})',
  'log.key_added': () => 'A new key signs the checkpoints of the trail',
  'trail.exported': (f) =>
    f.counterpart
      ? '{actor} exported {entries} lines of the trail about {counterpart}'
      : '{actor} exported {entries} lines of the trail',
  'user.signed_in': () => '{actor} signed in to the dashboard',
  'user.sign_in_refused': () => 'A sign-in to the dashboard was refused: {reason}',
  'user.signed_out': () => '{actor} signed out of the dashboard',
  'quarantine.adopted': (f) =>
    f.is('reason', 'unknown_cabinet')
      ? '{actor} took on {cabinet}, which was not known'
      : f.text('epc') !== null
        ? '{actor} bound the tag {epc}, which was not registered, to {asset}'
        : '{actor} stands by a line of {cabinet} that was set aside: {note}',
  'quarantine.rejected': () => '{actor} rejected what {cabinet} sent and was set aside: {because}',
  'event.quarantined': () => 'Line {seq} from {cabinet} could not be believed and was set aside: {reason}',
};

const taken: Sentence = (f) => {
  if (f.is('disputed', true)) {
    return f.actor
      ? 'In doubt: {asset} may have left {cabinet} with {actor}'
      : 'In doubt: {asset} may have left {cabinet} without a badge';
  }
  if (f.is('authority', 'unsigned') || !f.actor) return '{asset} was taken from {cabinet} without a badge';
  const line = '{actor} took {asset} from {cabinet}';
  if (f.is('authority', 'forbidden')) {
    return f.text('reason') === null
      ? `${line} although it was not allowed`
      : `${line} although it was not allowed: {reason}`;
  }
  return f.is('certainty', 'window') ? `${line}, as counted after an interruption` : line;
};

const returned: Sentence = (f) => {
  const takenBy = f.takenByOther ? ' (taken by {counterpart})' : '';
  if (f.is('certainty', 'declared'))
    return `{actor} says that {asset} is back in {cabinet}${takenBy}; nothing was read`;
  if (f.is('disputed', true)) return `In doubt: {asset} may be back in {cabinet}${takenBy}`;
  // Who was there while nothing could be counted is not known to have brought it.
  if (!f.actor && f.is('certainty', 'window')) return `{asset} was found back in {cabinet}${takenBy}`;
  const line = f.actor ? '{actor} returned {asset} to {cabinet}' : '{asset} came back to {cabinet} without a badge';
  return f.is('certainty', 'window') ? `${line}${takenBy}, as counted after an interruption` : `${line}${takenBy}`;
};

const closed: Sentence = (f) => {
  const who = f.actor ? '{actor}' : 'Somebody without a badge';
  if (f.is('outcome', 'unused')) return `${who} left {cabinet} without opening it`;
  if (f.is('outcome', 'interrupted')) return `${who} was at {cabinet} when it was interrupted`;
  const rest = joined([
    some(f.number('taken'), '1 taken', '# taken'),
    some(f.number('returned'), '1 returned', '# returned'),
    some(f.number('disputed'), '1 in doubt', '# in doubt'),
  ]);
  const line = `${who} left {cabinet}: ${rest === '' ? 'nothing taken, nothing returned' : rest}`;
  return f.is('outcome', 'unsettled') ? `${line}; the count did not come to rest` : line;
};

export const describeEn: Words = {
  sentences,
  unknownKind: 'Something happened that this page has no words for yet ({kind})',
  formerColleague: 'a former colleague',
  someone: 'somebody',
  aCabinet: 'a cabinet',
  aTool: 'a tool',
  aSite: 'a site',
  unnamed: 'unknown',
  devices: { uhf: 'tag reader', badge: 'badge reader', lock: 'lock board' },
  codes: {
    unknown: 'the badge is not known',
    expired: 'it has expired',
    lost: 'it was reported lost',
    revoked: 'it was withdrawn',
    suspended: 'the person is suspended',
    rulebook_missing: 'the cabinet has no rulebook yet',
    quarantine: 'it is in quarantine',
    retired: 'it is retired',
    calibration_overdue: 'its calibration is overdue',
    not_in_group: 'it belongs to another group',
    reported: 'it was reported',
    not_granted: 'it is for named people only',
    denied: 'it is not for this person',
    outside_window: 'not at this hour',
    licence_missing: 'a licence is missing',
    licence_expired: 'a licence has expired',
    witness_missing: 'a second person was needed',
    reader_out_of_order: 'the reader was out of order, only returns were open',
    disk_out_of_order: 'the cabinet could record nothing, only returns were open',
    badge_expired: 'the badge had expired, only returns were open',
    person_suspended: 'the person is suspended, only returns were open',
    pin_wrong: 'the number or the PIN was wrong',
    pin_locked: 'too many wrong PINs',
    delete: 'delete',
    pseudonymise: 'remove the names',
    custody: 'tool movements',
    session: 'cabinet sessions',
    inventory: 'counts',
    device: 'device messages',
    administration: 'administration',
    security: 'security',
    password: 'the password was wrong',
    throttled: 'too many attempts',
    'connection lost': 'the connection was lost',
    SIGINT: 'it was told to',
    SIGTERM: 'it was told to',
    SIGHUP: 'it was told to',
    'launcher gone': 'the program that started it is gone',
    no_membership: 'the account belongs to no customer',
    unreadable: 'it cannot be read',
    unstorable: 'it cannot be stored',
    unknown_tag: 'nobody has registered this tag',
    unknown_cabinet: 'a cabinet that is not known wants to be let in',
    bad_content: 'it does not have the shape that was agreed',
    gap: 'lines before it are missing',
    fork: 'it contradicts an earlier line',
    bad_chain: 'its chain is broken',
    bad_signature: 'its signature is wrong',
    forged: 'it is not from the cloud',
    repeated: 'it had been given before',
    unsaved: 'it could not be remembered',
    count_now: 'count now',
    rotate_key: 'make a new signing key',
    unlock: 'unlock',
    enrolment_codes: 'codes to enrol cabinets',
    set_aside_contents: 'contents of what was set aside',
    set_aside: 'what was set aside',
    rule_changes: 'decided changes of rules',
    released_holds: 'released legal holds',
    closed_orders: 'people and titles of closed orders',
    ended_grants: 'rights that had ended',
    ended_badges: 'badges that had ended',
    people_who_left: 'names of people who left',
    support_cases: 'closed support cases',
  },
};
