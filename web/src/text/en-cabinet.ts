/** The words for cutting off a cabinet, and for how far its rules have come, in English. */
export const enCabinet = {
  revocation: {
    revoke: 'Revoke',
    revoked: 'Revoked',
    revokedLong: '{{name}} was revoked {{time}}: nothing of it is taken any more.',
    title: 'Revoke {{name}}?',
    confirm: 'Revoke this cabinet',
    nothingTaken: 'From now on nothing that it sends is believed, and it gets no rules any more.',
    waiting_one: '1 line waits in it and will not arrive.',
    waiting_other: '{{count, number}} lines wait in it and will not arrive.',
    backAgain: 'To use it again, enrol it anew. Its lines so far stay in the trail.',
    reason: 'Why',
  },
  rules: {
    reach_one: 'Newest rules on {{current}} of 1 cabinet',
    reach_other: 'Newest rules on {{current}} of {{count}} cabinets',
    reachHelp: 'A cabinet counts once it has said that it works by its newest rules.',
    behind: 'Old rules: {{has}} of {{wanted}}',
    behindNone: 'No rules yet',
    onlyBehind: 'Old rules',
    noneBehind: 'Every cabinet works by its newest rules.',
  },
} as const;
