/** What retention clears beside the trail: records that name people and have a clock of their own. */
export const clearedBesideTrail = [
  'enrolment_codes',
  'set_aside_contents',
  'set_aside',
  'rule_changes',
  'released_holds',
  'closed_orders',
  'ended_grants',
  'ended_badges',
  'people_who_left',
  'support_cases',
] as const;
export type ClearedBesideTrail = (typeof clearedBesideTrail)[number];
