/** The words for cutting off a cabinet, and for how far its rules have come, in French. */
export const frCabinet = {
  revocation: {
    revoke: 'Révoquer',
    revoked: 'Révoquée',
    revokedLong: '{{name}} a été révoquée {{time}} : plus rien n’en est accepté.',
    title: 'Révoquer {{name}} ?',
    confirm: 'Révoquer cette armoire',
    nothingTaken: 'Dès maintenant, rien de ce qu’elle envoie n’est cru, et elle ne reçoit plus de règles.',
    waiting_one: '1 ligne y attend et n’arrivera pas.',
    waiting_other: '{{count, number}} lignes y attendent et n’arriveront pas.',
    backAgain: 'Pour la réutiliser, inscrivez-la de nouveau. Ses lignes jusqu’ici restent dans la trace.',
    reason: 'Pourquoi',
  },
  rules: {
    reach_one: 'Dernières règles sur {{current}} armoire sur 1',
    reach_other: 'Dernières règles sur {{current}} armoires sur {{count}}',
    reachHelp: 'Une armoire compte dès qu’elle a confirmé suivre ses dernières règles.',
    behind: 'Anciennes règles : {{has}} sur {{wanted}}',
    behindNone: 'Pas encore de règles',
    onlyBehind: 'Anciennes règles',
    noneBehind: 'Chaque armoire suit ses dernières règles.',
  },
} as const;
