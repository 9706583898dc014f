import type { Sentence } from './describe-words.js';
import type { DeskEventKind } from './desk-event.js';

/** What people do at the cabinet's screen. */
export const deskEn: Readonly<Record<DeskEventKind, Sentence>> = {
  'pin.accepted': (f) => (f.actor ? '{actor} signed in at {cabinet} with a PIN' : '{cabinet} accepted a PIN'),
  'pin.refused': (f) =>
    f.actor ? '{cabinet} refused a PIN of {actor}: {refusal}' : '{cabinet} refused a PIN: {refusal}',
  'session.order_chosen': (f) =>
    f.text('number') === null
      ? '{actor} works at {cabinet} without an order'
      : '{actor} works at {cabinet} for order {number}',
  'witness.confirmed': () => '{actor} stood by as second person at {cabinet}',
  'take.forbidden': () => '{asset} left {cabinet} with {actor} although it is not allowed: {reason}',
  'asset.disputed': (f) =>
    f.is('movement', 'returned')
      ? '{actor} says that {asset} was not returned to {cabinet}'
      : '{actor} says that {asset} was not taken from {cabinet}',
  'dispute.settled': (f) =>
    f.is('outcome', 'corrected')
      ? '{cabinet} read again and found {asset} inside: the line is corrected'
      : '{cabinet} read again and did not settle it: {asset} stays disputed',
  'asset.reported': (f) =>
    f.is('what', 'broken')
      ? '{actor} reported {asset} broken'
      : f.is('what', 'incomplete')
        ? '{actor} reported {asset} incomplete'
        : '{actor} reported {asset} lost',
  'custody.handed_over': (f) =>
    f.takenByOther ? '{counterpart} handed {asset} over to {actor}' : '{actor} took over {asset}',
  'shift.ended': (f) =>
    (f.count('items') ?? 0) === 0
      ? '{actor} ended the shift at {cabinet}'
      : `{actor} ended the shift at {cabinet} and decided on ${f.count('items')} open tools`,
  'search.started': () => 'A search for {asset} was started at {cabinet}',
  'search.closed': (f) =>
    f.is('outcome', 'found')
      ? '{asset} was found in {cabinet}; the search is over'
      : f.is('outcome', 'declared_lost')
        ? f.actor && f.counterpart
          ? '{actor} and {counterpart} declared {asset} lost; the search is over'
          : '{asset} was declared lost; the search is over'
        : '{asset} is accounted for; the search is over',
  'kit.incomplete': (f) =>
    f.is('state', 'left_incomplete')
      ? '{asset} left {cabinet} with parts of it still inside'
      : '{asset} came back to {cabinet} incomplete',
  'notice.acknowledged': () => '{actor} has seen the privacy notice {version}',
};
