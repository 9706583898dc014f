import type { Sentence } from './describe-words.js';
import type { DeskEventKind } from './desk-event.js';

/** What people do at the cabinet's screen. */
export const deskFr: Readonly<Record<DeskEventKind, Sentence>> = {
  'pin.accepted': (f) => (f.actor ? '{actor} s’est présenté à {cabinet} avec un code' : '{cabinet} a accepté un code'),
  'pin.refused': (f) =>
    f.actor ? '{cabinet} a refusé un code de {actor} : {refusal}' : '{cabinet} a refusé un code : {refusal}',
  'session.order_chosen': (f) =>
    f.text('number') === null
      ? '{actor} travaille à {cabinet} sans ordre'
      : '{actor} travaille à {cabinet} pour l’ordre {number}',
  'witness.confirmed': () => '{actor} était présent comme deuxième personne à {cabinet}',
  'take.forbidden': () => '{asset} a quitté {cabinet} avec {actor} sans autorisation : {reason}',
  'asset.disputed': (f) =>
    f.is('movement', 'returned')
      ? '{actor} dit que {asset} n’a pas été rendu à {cabinet}'
      : '{actor} dit que {asset} n’a pas été pris dans {cabinet}',
  'dispute.settled': (f) =>
    f.is('outcome', 'corrected')
      ? '{cabinet} a relu et trouvé {asset} dedans : la ligne est corrigée'
      : '{cabinet} a relu sans trancher : {asset} reste contesté',
  'asset.reported': (f) =>
    f.is('what', 'broken')
      ? '{actor} a signalé {asset} cassé'
      : f.is('what', 'incomplete')
        ? '{actor} a signalé {asset} incomplet'
        : '{actor} a signalé {asset} perdu',
  'custody.handed_over': (f) =>
    f.takenByOther ? '{counterpart} a remis {asset} à {actor}' : '{actor} a repris {asset}',
  'shift.ended': (f) =>
    (f.count('items') ?? 0) === 0
      ? '{actor} a fini son poste à {cabinet}'
      : `{actor} a fini son poste à {cabinet} et décidé pour ${f.count('items')} outils`,
  'search.started': () => 'La recherche de {asset} a commencé à {cabinet}',
  'search.closed': (f) =>
    f.is('outcome', 'found')
      ? '{asset} a été trouvé dans {cabinet} ; la recherche est finie'
      : f.is('outcome', 'declared_lost')
        ? f.actor && f.counterpart
          ? '{actor} et {counterpart} ont déclaré {asset} perdu ; la recherche est finie'
          : '{asset} a été déclaré perdu ; la recherche est finie'
        : 'On sait où est {asset} ; la recherche est finie',
  'kit.incomplete': (f) =>
    f.is('state', 'left_incomplete')
      ? '{asset} a quitté {cabinet} en y laissant des pièces'
      : '{asset} est revenu incomplet dans {cabinet}',
  'notice.acknowledged': () => '{actor} a vu la notice de confidentialité {version}',
};
