/** The words for states of things in English. */
export const enStates = {
  state: {
    available: 'Available',
    out: 'Out',
    missing: 'Missing',
    disputed: 'In doubt',
    quarantine: 'Quarantine',
    calibration: 'Calibration due',
    retired: 'Retired',
    unknown: 'Unknown',
    overdue: 'Overdue',
  },
  link: { online: 'Online', stale: 'Silent', offline: 'Offline', never: 'Never reported' },
  linkLong: {
    online: 'Heard {{time}}',
    stale: '{{name}} has not reported since {{time}}.',
    offline: '{{name}} is offline since {{time}}.',
    never: '{{name}} has never reported.',
  },
  door: { open: 'Door open', closed: 'Door closed', unknown: 'Door unknown', number: 'Door {{door}}' },
  device: {
    line: '{{device}}: {{status}}',
    uhf: 'Tag reader',
    badge: 'Badge reader',
    lock: 'Lock board',
    ok: 'works',
    starting: 'starting',
    unplugged: 'unplugged',
    silent: 'silent',
    garbled: 'sends garbage',
    faulty: 'faulty',
  },
} as const;
