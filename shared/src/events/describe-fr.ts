import { deskFr } from './describe-desk-fr.js';
import { rulesFr } from './describe-rules-fr.js';
import { joined, type Sentence, some, type Words } from './describe-words.js';

const sentences: Words['sentences'] = {
  ...deskFr,
  ...rulesFr,
  'cabinet.started': () => '{cabinet} a démarré',
  'cabinet.stopped': (f) =>
    f.text('reason') === null ? '{cabinet} s’est arrêtée' : '{cabinet} s’est arrêtée : {reason}',
  'rulebook.applied': () => '{cabinet} applique maintenant le règlement {version}',
  'device.lost': (f) => {
    if (f.is('reason', 'unplugged')) return 'À {cabinet}, {device} est débranché';
    if (f.is('reason', 'garbled')) return 'À {cabinet}, {device} envoie des données illisibles';
    if (f.is('reason', 'refused')) return 'À {cabinet}, {device} refuse de fonctionner';
    return 'À {cabinet}, {device} ne répond plus';
  },
  'device.restored': () => 'À {cabinet}, {device} fonctionne de nouveau après {afterMs}',
  'badge.accepted': (f) => (f.actor ? '{actor} s’est présenté à {cabinet}' : '{cabinet} a accepté un badge'),
  'badge.refused': (f) =>
    f.actor ? '{cabinet} a refusé le badge de {actor} : {refusal}' : '{cabinet} a refusé un badge : {refusal}',
  'session.opened': (f) => {
    if (f.text('command') !== null) return '{cabinet} a été ouverte à distance';
    if (f.is('signed', false) || !f.actor) return '{cabinet} est utilisée sans badge';
    return f.text('returnOnly') === null
      ? '{actor} est devant {cabinet}'
      : '{actor} est devant {cabinet}, seulement pour rapporter';
  },
  'door.unlocked': (f) =>
    f.actor ? '{cabinet} a déverrouillé la porte {door} pour {actor}' : '{cabinet} a déverrouillé la porte {door}',
  'door.opened': (f) =>
    f.is('signed', false) || !f.actor
      ? 'La porte {door} de {cabinet} a été ouverte sans badge'
      : '{actor} a ouvert la porte {door} de {cabinet}',
  'door.closed': (f) =>
    f.actor
      ? '{actor} a fermé la porte {door} de {cabinet} après {openForMs}'
      : 'La porte {door} de {cabinet} a été fermée après {openForMs}',
  'door.left_open': () => 'La porte {door} de {cabinet} est ouverte depuis {openForMs}',
  'session.closed': (f) => closed(f),
  'asset.checked_out': (f) => taken(f),
  'asset.returned': (f) => returned(f),
  'tag.unknown_seen': () => '{cabinet} a vu une étiquette qui n’est pas enregistrée : {epc}',
  'inventory.settled': (f) => {
    const present = f.count('present');
    const inside = present === null ? null : present < 2 ? `${present} outil présent` : `${present} outils présents`;
    const missing = some(f.count('missing'), '1 manquant', '# manquants');
    const rest = joined([inside, missing, some(f.count('doubtful'), '1 en doute', '# en doute')]);
    return rest === '' ? '{cabinet} a compté ses outils' : `{cabinet} a compté ses outils : ${rest}`;
  },
  'checkpoint.refused': () =>
    '{cabinet} a refusé un point de contrôle de {size} lignes : il ne continue pas les {seen} lignes cosignées',
  'journal.damaged': () =>
    '{cabinet} a trouvé les lignes {fromSeq} à {toSeq} de son journal abîmées et les a mises de côté',
  'journal.forked': () => '{cabinet} a un autre historique que le serveur et a commencé un nouveau journal : {detail}',
  'clock.stepped': () => 'L’horloge de {cabinet} a été réglée',
  'key.rotated': () => '{cabinet} s’est donné une nouvelle clé de signature',
  'command.carried_out': () => '{cabinet} a fait ce qui lui était demandé : {what}',
  'command.refused': () => '{cabinet} n’a pas fait ce qui lui était demandé ({what}) : {reason}',

  'tenant.created': () => '{name} a été créé',
  'site.created': () => 'Le site {name} a été ajouté',
  'cabinet.created': () => 'L’armoire {name} a été ajoutée',
  'cabinet.enrolment_code_issued': () => 'Un code pour inscrire {cabinet} a été émis',
  'cabinet.revoked': () => '{cabinet} a été coupée ; on ne croit plus rien d’elle avant une nouvelle inscription',
  'cabinet.enrolled': () => '{cabinet} a été inscrite avec sa propre clé',
  'cabinet.enrolment_refused': () => 'Une tentative d’inscrire {cabinet} a été refusée : {reason}',
  'cabinet.command_sent': () => 'Ordre envoyé à {cabinet} : {command}',
  'cabinet.connected': () => '{cabinet} est connectée',
  'cabinet.disconnected': (f) =>
    f.text('reason') === null ? '{cabinet} n’est plus connectée' : '{cabinet} n’est plus connectée : {reason}',
  'cabinet.gap_opened': () => '{cabinet} n’envoie pas la ligne {fromSeq} de son journal, qui manque ici',
  'cabinet.gap_closed': (f) =>
    f.is('how', 'arrived')
      ? 'Les lignes de {cabinet} à partir de {fromSeq}, qui manquaient, sont arrivées'
      : '{cabinet} déclare perdues les lignes manquantes à partir de {fromSeq}',
  'cabinet.clone_suspected': (f) =>
    f.is('reason', 'two_boots')
      ? 'Deux appareils semblent utiliser l’identité de {cabinet}'
      : '{cabinet} raconte une autre histoire qu’avant : son disque a été remis en place, ou deux appareils utilisent son identité',
  'asset.created': () => '{asset} a été ajouté',
  'asset.updated': (f) => (f.text('reason') === null ? '{asset} a été modifié' : '{asset} a été modifié : {reason}'),
  'tag.bound': (f) =>
    f.text('replaces') === null ? '{asset} a reçu l’étiquette {epc}' : '{asset} a reçu la nouvelle étiquette {epc}',
  'person.created': (f) => (f.counterpart ? '{counterpart} a été ajouté' : 'Une personne a été ajoutée'),
  'person.updated': (f) =>
    f.counterpart ? 'La fiche de {counterpart} a été modifiée' : 'La fiche d’une personne a été modifiée',
  'person.left': (f) =>
    (f.counterpart ? '{counterpart} est parti' : 'Une personne est partie') +
    ((f.number('holding') ?? 0) > 0 ? ' ; encore dehors : {holding}' : ''),
  'badge.issued': (f) => (f.counterpart ? '{counterpart} a reçu un badge' : 'Un badge a été remis'),
  'badge.revoked': (f) =>
    f.counterpart ? 'Un badge de {counterpart} a été retiré : {reason}' : 'Un badge a été retiré : {reason}',
  'order.created': () => "L'ordre {number} a été ouvert",
  'order.closed': () => "L'ordre {number} a été clos",
  'rulebook.issued': () => 'Le règlement {version} a été remis à {cabinet}',
  'custody.carried': () => '{asset} est là où des lignes antérieures l’indiquaient',
  'retention.rule_set': (f) =>
    f.number('toDays') === null
      ? 'Conservation, {category} : garder sans limite'
      : 'Conservation, {category} : {toDays} jours, puis {action}',
  'retention.change_asked': (f) =>
    f.is('action', 'pseudonymise')
      ? '{actor} veut retirer les noms de {category} après {toDays} jours : une seconde personne doit accepter'
      : '{actor} veut supprimer {category} après {toDays} jours : une seconde personne doit accepter',
  'retention.change_decided': (f) =>
    f.is('outcome', 'approved')
      ? '{actor} a accepté de ne garder {category} que {toDays} jours'
      : f.is('outcome', 'rejected')
        ? '{actor} a refusé de ne garder {category} que {toDays} jours'
        : 'La demande de ne garder {category} que {toDays} jours a été retirée',
  'retention.rule_dropped': () => '{site} n’a plus de règle propre pour {category}',
  'hold.placed': (f) =>
    f.counterpart ? 'Un gel juridique a été posé sur {counterpart}' : 'Un gel juridique a été posé',
  'hold.released': () => 'Un gel juridique a été levé',
  'retention.run': (f) =>
    f.is('action', 'pseudonymise')
      ? 'La conservation a retiré les noms de {entries} lignes, {category}'
      : 'La conservation a effacé {entries} lignes, {category}',
  'retention.cleared': () => 'La conservation a vidé des données hors de la trace : {what} ({rows})',
  'log.key_added': () => 'Une nouvelle clé signe les points de contrôle de la trace',
  'trail.exported': (f) =>
    f.counterpart
      ? '{actor} a exporté {entries} lignes de la trace sur {counterpart}'
      : '{actor} a exporté {entries} lignes de la trace',
  'user.signed_in': () => '{actor} s’est connecté au tableau de bord',
  'user.sign_in_refused': () => 'Une connexion au tableau de bord a été refusée : {reason}',
  'user.signed_out': () => '{actor} s’est déconnecté du tableau de bord',
  'quarantine.adopted': (f) =>
    f.is('reason', 'unknown_cabinet')
      ? '{actor} a admis {cabinet}, qui n’était pas connue'
      : f.text('epc') !== null
        ? '{actor} a attribué l’étiquette {epc}, qui n’était pas enregistrée, à {asset}'
        : '{actor} se porte garant d’une ligne de {cabinet} mise de côté : {note}',
  'quarantine.rejected': () => '{actor} a rejeté ce que {cabinet} a envoyé et qui était mis de côté : {because}',
  'event.quarantined': () => 'La ligne {seq} de {cabinet} n’était pas crédible et a été mise de côté : {reason}',
};

const taken: Sentence = (f) => {
  if (f.is('disputed', true)) {
    return f.actor
      ? 'Doute : {asset} a peut-être quitté {cabinet} avec {actor}'
      : 'Doute : {asset} a peut-être quitté {cabinet} sans badge';
  }
  if (f.is('authority', 'unsigned') || !f.actor) return '{asset} a été pris dans {cabinet} sans badge';
  const line = '{actor} a pris {asset} dans {cabinet}';
  if (f.is('authority', 'forbidden')) {
    return f.text('reason') === null ? `${line} sans y être autorisé` : `${line} sans y être autorisé : {reason}`;
  }
  return f.is('certainty', 'window') ? `${line}, d’après le compte fait après une coupure` : line;
};

const returned: Sentence = (f) => {
  const takenBy = f.takenByOther ? ' (pris par {counterpart})' : '';
  if (f.is('certainty', 'declared')) {
    return `{actor} dit que {asset} est de retour dans {cabinet}${takenBy} ; rien n’a été lu`;
  }
  if (f.is('disputed', true)) return `Doute : {asset} est peut-être de retour dans {cabinet}${takenBy}`;
  if (!f.actor && f.is('certainty', 'window')) return `{asset} a été retrouvé dans {cabinet}${takenBy}`;
  const line = f.actor ? '{actor} a rendu {asset} à {cabinet}' : '{asset} est revenu dans {cabinet} sans badge';
  return f.is('certainty', 'window')
    ? `${line}${takenBy}, d’après le compte fait après une coupure`
    : `${line}${takenBy}`;
};

const closed: Sentence = (f) => {
  const who = f.actor ? '{actor}' : 'Une personne sans badge';
  if (f.is('outcome', 'unused')) return `${who} a quitté {cabinet} sans l’ouvrir`;
  if (f.is('outcome', 'interrupted')) return `${who} était devant {cabinet} au moment d’une coupure`;
  const rest = joined([
    some(f.number('taken'), '1 pris', '# pris'),
    some(f.number('returned'), '1 rendu', '# rendus'),
    some(f.number('disputed'), '1 en doute', '# en doute'),
  ]);
  const line = `${who} a quitté {cabinet} : ${rest === '' ? 'rien pris, rien rendu' : rest}`;
  return f.is('outcome', 'unsettled') ? `${line} ; le compte ne s’est pas stabilisé` : line;
};

export const describeFr: Words = {
  sentences,
  unknownKind: 'Il s’est passé quelque chose que cette page ne sait pas encore dire ({kind})',
  formerColleague: 'un ancien collègue',
  someone: 'quelqu’un',
  aCabinet: 'une armoire',
  aTool: 'un outil',
  aSite: 'un site',
  unnamed: 'inconnu',
  devices: { uhf: 'le lecteur d’étiquettes', badge: 'le lecteur de badges', lock: 'le module de serrure' },
  codes: {
    unknown: 'le badge n’est pas connu',
    expired: 'il a expiré',
    lost: 'il a été déclaré perdu',
    revoked: 'il a été retiré',
    suspended: 'la personne est suspendue',
    rulebook_missing: 'l’armoire n’a pas encore de règlement',
    quarantine: 'il est en quarantaine',
    retired: 'il est réformé',
    calibration_overdue: 'son étalonnage est dépassé',
    not_in_group: 'il appartient à un autre groupe',
    reported: 'il a été signalé',
    not_granted: 'il est réservé à des personnes désignées',
    denied: 'il n’est pas pour cette personne',
    outside_window: 'pas à cette heure',
    licence_missing: 'une habilitation manque',
    licence_expired: 'une habilitation a expiré',
    witness_missing: 'il fallait une deuxième personne',
    reader_out_of_order: 'le lecteur était en panne, seuls les retours étaient ouverts',
    disk_out_of_order: 'l’armoire ne pouvait rien enregistrer, seuls les retours étaient ouverts',
    badge_expired: 'le badge avait expiré, seuls les retours étaient ouverts',
    person_suspended: 'la personne est suspendue, seuls les retours étaient ouverts',
    pin_wrong: 'le numéro ou le code était faux',
    pin_locked: 'trop de codes faux',
    delete: 'effacer',
    pseudonymise: 'retirer les noms',
    custody: 'mouvements d’outils',
    session: 'passages aux armoires',
    inventory: 'comptes',
    device: 'messages des appareils',
    administration: 'administration',
    security: 'sécurité',
    password: 'le mot de passe était faux',
    throttled: 'trop d’essais',
    'connection lost': 'la liaison est coupée',
    SIGINT: 'on le lui a demandé',
    SIGTERM: 'on le lui a demandé',
    SIGHUP: 'on le lui a demandé',
    'launcher gone': 'le programme qui l’avait lancée a disparu',
    no_membership: 'le compte n’appartient à aucun client',
    unreadable: 'elle est illisible',
    unstorable: 'elle ne peut pas être enregistrée',
    unknown_tag: 'personne n’a enregistré cette étiquette',
    unknown_cabinet: 'une armoire inconnue demande à être admise',
    bad_content: 'elle n’a pas la forme convenue',
    gap: 'des lignes manquent avant elle',
    fork: 'elle contredit une ligne plus ancienne',
    bad_chain: 'sa chaîne est rompue',
    bad_signature: 'sa signature est fausse',
    forged: 'il ne vient pas du cloud',
    repeated: 'il avait déjà été donné',
    unsaved: 'il n’a pas pu être retenu',
    count_now: 'compter maintenant',
    rotate_key: 'faire une nouvelle clé de signature',
    unlock: 'déverrouiller',
    enrolment_codes: 'codes d’enrôlement des armoires',
    set_aside_contents: 'contenus de ce qui était mis de côté',
    set_aside: 'ce qui était mis de côté',
    rule_changes: 'changements de règles décidés',
    released_holds: 'gels juridiques levés',
    closed_orders: 'personnes et titres des ordres fermés',
    ended_grants: 'droits échus',
    ended_badges: 'badges échus',
    people_who_left: 'noms des personnes parties',
    support_cases: 'demandes d’assistance closes',
  },
};
