import type { Facts, Words } from './describe-words.js';
import type { RuleEventKind } from './rule-event.js';

const whom = (f: Facts): string =>
  f.counterpart ? '{counterpart}' : f.text('group') === null ? 'quelqu’un' : 'le groupe {group}';
const what = (f: Facts): string => {
  if (f.text('model') !== null) return 'tout outil du modèle {model}';
  if (f.number('assets') === null) return 'tout outil';
  return f.number('assets') === 1 ? '{asset}' : '{assets} outils';
};
const right = (f: Facts): string => `${whom(f)} ${f.is('effect', 'deny') ? 'ne peut pas' : 'peut'} prendre ${what(f)}`;
const noted = (f: Facts, line: string): string => (f.text('note') === null ? line : `${line} : {note}`);
const ruled = (f: Facts): string =>
  f.text('model') !== null
    ? 'le modèle {model}'
    : f.text('group') === null
      ? 'certains outils'
      : 'les outils du groupe {group}';

/** Ce que le bureau décide des règles, en phrases. */
export const rulesFr: Pick<Words['sentences'], RuleEventKind> = {
  'grant.added': (f) => noted(f, `Désormais ${right(f)}`),
  'grant.changed': (f) => noted(f, `Le droit a été modifié : ${right(f)}`),
  'grant.ended': (f) => `N’est plus valable : ${right(f)}`,
  'item_rule.added': (f) =>
    noted(f, `Une règle pour ${ruled(f)} a été posée${f.is('inPairs', true) ? ' : à prendre à deux' : ''}`),
  'item_rule.changed': (f) => noted(f, `La règle pour ${ruled(f)} a été modifiée`),
  'item_rule.ended': (f) => `La règle pour ${ruled(f)} a pris fin`,
  'kit.changed': (f) =>
    f.is('children', 0) ? '{asset} n’est plus un kit' : '{asset} est désormais un kit de {children} outils',
  'kit.child_added': () => '{asset} fait désormais partie du kit {kitName}',
  'kit.child_removed': () => '{asset} ne fait plus partie du kit {kitName}',
  'notice.published': () => 'La version {version} de la notice de confidentialité a été publiée',
  'order.changed': () => 'L’ordre {number} a été modifié',
  'cabinet.updated': (f) =>
    f.text('reason') === null ? '{cabinet} a été modifiée' : '{cabinet} a été modifiée : {reason}',
  'asset.loss_asked': (f) => noted(f, '{actor} dit que {asset} est perdu ; une autre personne doit confirmer'),
  'asset.declared_lost': (f) => noted(f, '{actor} a confirmé que {asset} est perdu'),
  'asset.loss_rejected': (f) =>
    noted(
      f,
      f.is('outcome', 'withdrawn')
        ? '{actor} ne dit plus que {asset} est perdu'
        : '{actor} n’est pas d’accord que {asset} soit perdu',
    ),
  'customer.leaving_asked': () =>
    '{actor} demande que tout soit supprimé après le {contractEndsOn} ; un autre administrateur doit donner son accord',
  'customer.leaving_decided': (f) =>
    f.is('outcome', 'agreed')
      ? '{actor} a donné son accord : tout est supprimé après le {removeAt}'
      : f.is('outcome', 'rejected')
        ? '{actor} n’est pas d’accord que tout soit supprimé'
        : '{actor} a décidé que tout reste',
  'customer.closing': () => 'La suppression de tout a commencé : plus personne ne se connecte',
  'diagnostics.names_shown': (f) =>
    noted(f, 'Un fichier de diagnostic avec des noms a été créé, à supprimer avant le {expiresAt}'),
  'support_case.opened': () => '{actor} a ouvert une demande d’assistance',
  'support_case.closed': () => '{actor} a clos une demande d’assistance',
  'attention.acknowledged': (f) =>
    noted(f, `{actor} s’occupe de ${f.text('what') === null ? 'quelque chose' : '« {what} »'}`),
};
