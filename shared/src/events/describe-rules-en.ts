import type { Facts, Words } from './describe-words.js';
import type { RuleEventKind } from './rule-event.js';

const whom = (f: Facts): string =>
  f.counterpart ? '{counterpart}' : f.text('group') === null ? 'somebody' : 'the group {group}';
const what = (f: Facts): string => {
  if (f.text('model') !== null) return 'any {model}';
  if (f.number('assets') === null) return 'any tool';
  return f.number('assets') === 1 ? '{asset}' : '{assets} tools';
};
const right = (f: Facts): string => `${whom(f)} ${f.is('effect', 'deny') ? 'may not' : 'may'} take ${what(f)}`;
const noted = (f: Facts, line: string): string => (f.text('note') === null ? line : `${line}: {note}`);
const ruled = (f: Facts): string =>
  f.text('model') !== null
    ? 'the model {model}'
    : f.text('group') === null
      ? 'some tools'
      : 'tools of the group {group}';

/** Sentences for what the office decides about rules. */
export const rulesEn: Pick<Words['sentences'], RuleEventKind> = {
  'grant.added': (f) => noted(f, `From now on ${right(f)}`),
  'grant.changed': (f) => noted(f, `The right was changed that ${right(f)}`),
  'grant.ended': (f) => `It no longer holds that ${right(f)}`,
  'item_rule.added': (f) =>
    noted(f, `A rule for ${ruled(f)} was made${f.is('inPairs', true) ? ': two people take them' : ''}`),
  'item_rule.changed': (f) => noted(f, `The rule for ${ruled(f)} was changed`),
  'item_rule.ended': (f) => `The rule for ${ruled(f)} ended`,
  'kit.changed': (f) =>
    f.is('children', 0) ? '{asset} is no longer a kit' : '{asset} is a kit of {children} tools now',
  'kit.child_added': () => '{asset} belongs to the kit {kitName} now',
  'kit.child_removed': () => '{asset} no longer belongs to the kit {kitName}',
  'notice.published': () => 'Version {version} of the privacy notice was published',
  'order.changed': () => 'The order {number} was changed',
  'cabinet.updated': (f) => (f.text('reason') === null ? '{cabinet} was changed' : '{cabinet} was changed: {reason}'),
  'asset.loss_asked': (f) => noted(f, '{actor} says that {asset} is lost; another one has to confirm'),
  'asset.declared_lost': (f) => noted(f, '{actor} confirmed that {asset} is lost'),
  'asset.loss_rejected': (f) =>
    noted(
      f,
      f.is('outcome', 'withdrawn')
        ? '{actor} no longer says that {asset} is lost'
        : '{actor} does not agree that {asset} is lost',
    ),
  'customer.leaving_asked': () =>
    '{actor} wants everything to be removed after {contractEndsOn}; another administrator has to agree',
  'customer.leaving_decided': (f) =>
    f.is('outcome', 'agreed')
      ? '{actor} agreed: everything is removed after {removeAt}'
      : f.is('outcome', 'rejected')
        ? '{actor} does not agree that everything is removed'
        : '{actor} decided that everything stays',
  'customer.closing': () => 'The removal of everything has begun: nobody signs in any more',
  'diagnostics.names_shown': (f) => noted(f, 'A diagnostic file with names was made, to be deleted by {expiresAt}'),
  'support_case.opened': () => '{actor} opened a support case',
  'support_case.closed': () => '{actor} closed a support case',
  'attention.acknowledged': (f) =>
    noted(f, `{actor} looks after ${f.text('what') === null ? 'something' : '"{what}"'}`),
};
