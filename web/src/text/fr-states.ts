/** Les mots des états en français. */
export const frStates = {
  state: {
    available: 'Disponible',
    out: 'Sorti',
    missing: 'Manquant',
    disputed: 'En doute',
    quarantine: 'Quarantaine',
    calibration: 'Étalonnage dû',
    retired: 'Réformé',
    unknown: 'Inconnu',
    overdue: 'En retard',
  },
  link: { online: 'En ligne', stale: 'Sans nouvelles', offline: 'Hors ligne', never: 'Jamais vue' },
  linkLong: {
    online: 'Nouvelles {{time}}',
    stale: '{{name}} n’a rien dit depuis {{time}}.',
    offline: '{{name}} est hors ligne depuis {{time}}.',
    never: '{{name}} n’a encore jamais rien dit.',
  },
  door: { open: 'Porte ouverte', closed: 'Porte fermée', unknown: 'Porte inconnue', number: 'Porte {{door}}' },
  device: {
    line: '{{device}} : {{status}}',
    uhf: 'Lecteur d’étiquettes',
    badge: 'Lecteur de badges',
    lock: 'Module de serrure',
    ok: 'fonctionne',
    starting: 'démarre',
    unplugged: 'débranché',
    silent: 'muet',
    garbled: 'illisible',
    faulty: 'en panne',
  },
} as const;
