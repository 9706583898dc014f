import type { Language } from './describe-words.js';
import type { TakeReason, TakeReasonCode } from './take-reason.js';

type Sentence = (name: string | null, since: string | null) => string;

/** `3 May`, `3 mai`; with the year, because a licence may have ended long ago. */
function dayText(instant: string, language: Language): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  const form = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, form).format(new Date(instant));
}

const english: Readonly<Record<TakeReasonCode, Sentence>> = {
  quarantine: () => 'it is in quarantine',
  retired: () => 'it is retired',
  reported: (_name, since) => (since === null ? 'it was reported' : `it was reported on ${since}`),
  calibration_overdue: (_name, since) => (since === null ? 'its calibration is overdue' : `calibration ended ${since}`),
  not_in_group: (name) => (name === null ? 'it belongs to another group' : `it is for ${name} only`),
  not_granted: () => 'it is for named people only',
  denied: (name) => (name === null ? 'it is not for you' : name),
  outside_window: (name) => (name === null ? 'not at this hour' : `only ${name}`),
  licence_missing: (name) => `${name ?? 'a'} licence is missing`,
  licence_expired: (name, since) => `${name ?? 'the'} licence expired ${since ?? ''}`.trim(),
  witness_missing: () => 'a second person is needed',
  reader_out_of_order: () => 'the reader was out of order, so the cabinet was open for returns only',
  disk_out_of_order: () => 'the cabinet could record nothing, so it was open for returns only',
  badge_expired: () => 'the badge had expired, so the cabinet was open for returns only',
  person_suspended: () => 'the person is suspended, so the cabinet was open for returns only',
};

const french: Readonly<Record<TakeReasonCode, Sentence>> = {
  quarantine: () => 'il est en quarantaine',
  retired: () => 'il est réformé',
  reported: (_name, since) => (since === null ? 'il a été signalé' : `il a été signalé le ${since}`),
  calibration_overdue: (_name, since) =>
    since === null ? 'son étalonnage est dépassé' : `étalonnage fini le ${since}`,
  not_in_group: (name) => (name === null ? 'il appartient à un autre groupe' : `réservé à ${name}`),
  not_granted: () => 'réservé à des personnes désignées',
  denied: (name) => (name === null ? 'il n’est pas pour vous' : name),
  outside_window: (name) => (name === null ? 'pas à cette heure' : `seulement ${name}`),
  licence_missing: (name) => `habilitation ${name ?? ''} manquante`.replace('  ', ' '),
  licence_expired: (name, since) => `habilitation ${name ?? ''} expirée le ${since ?? ''}`.replace('  ', ' ').trim(),
  witness_missing: () => 'il faut une deuxième personne',
  reader_out_of_order: () => 'le lecteur était en panne, l’armoire n’était ouverte que pour les retours',
  disk_out_of_order: () => 'l’armoire ne pouvait rien enregistrer, elle n’était ouverte que pour les retours',
  badge_expired: () => 'le badge avait expiré, l’armoire n’était ouverte que pour les retours',
  person_suspended: () => 'la personne est suspendue, l’armoire n’était ouverte que pour les retours',
};

/** Why an item should not be taken, by name: "torque licence expired 3 May 2026". */
export function takeReasonText(reason: TakeReason, language: Language): string {
  const since = reason.reasonSince === null ? null : dayText(reason.reasonSince, language);
  return (language === 'fr' ? french : english)[reason.reason](reason.reasonName, since);
}
