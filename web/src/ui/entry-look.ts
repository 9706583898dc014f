import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowUpRight,
  IconClipboardCheck,
  IconDoor,
  IconDoorExit,
  IconHelpTriangle,
  IconId,
  IconIdOff,
  IconPlugConnected,
  IconPlugConnectedX,
  IconPointFilled,
  IconSettings,
  IconShieldX,
  IconTag,
} from '@tabler/icons-react';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { Tone } from './badge.js';

export interface EntryLook {
  readonly icon: Icon;
  readonly tone: Tone;
  /** Routine lines are written quietly; what somebody should see stands out, and what was over before it came does not. */
  readonly weight: 'routine' | 'custody' | 'alert' | 'past';
}

const routine = (icon: Icon): EntryLook => ({ icon, tone: 'mute', weight: 'routine' });
const alert = (icon: Icon, tone: Tone = 'bad'): EntryLook => ({ icon, tone, weight: 'alert' });

const looks: Readonly<Record<string, EntryLook>> = {
  'asset.checked_out': { icon: IconArrowUpRight, tone: 'out', weight: 'custody' },
  'asset.returned': { icon: IconArrowBackUp, tone: 'ok', weight: 'custody' },
  'badge.accepted': routine(IconId),
  'badge.refused': alert(IconIdOff, 'doubt'),
  'pin.accepted': routine(IconId),
  'pin.refused': alert(IconIdOff, 'doubt'),
  'take.forbidden': alert(IconShieldX),
  'asset.disputed': alert(IconHelpTriangle, 'doubt'),
  'asset.reported': alert(IconAlertTriangle, 'doubt'),
  'kit.incomplete': alert(IconAlertTriangle, 'doubt'),
  'search.started': alert(IconAlertTriangle, 'doubt'),
  'custody.handed_over': { icon: IconArrowUpRight, tone: 'out', weight: 'custody' },
  'session.opened': routine(IconId),
  'session.closed': routine(IconDoorExit),
  'door.unlocked': routine(IconDoor),
  'door.opened': routine(IconDoor),
  'door.closed': routine(IconDoor),
  'door.left_open': alert(IconDoor, 'doubt'),
  'device.lost': alert(IconPlugConnectedX),
  'device.restored': { icon: IconPlugConnected, tone: 'ok', weight: 'routine' },
  'cabinet.connected': routine(IconPlugConnected),
  'cabinet.disconnected': alert(IconPlugConnectedX, 'old'),
  'tag.unknown_seen': alert(IconTag, 'doubt'),
  'inventory.settled': routine(IconClipboardCheck),
  'checkpoint.refused': alert(IconShieldX),
  'journal.damaged': alert(IconShieldX),
  'cabinet.gap_opened': alert(IconShieldX),
  'cabinet.gap_closed': routine(IconPlugConnected),
  'cabinet.clone_suspected': alert(IconShieldX),
  'event.quarantined': alert(IconShieldX),
  'quarantine.adopted': routine(IconTag),
  'quarantine.rejected': routine(IconShieldX),
  'user.sign_in_refused': alert(IconShieldX, 'doubt'),
  'asset.updated': routine(IconSettings),
};

/** How a line looks; a kind without a look of its own is a routine line. */
export function lookOfEntry(entry: EntryView): EntryLook {
  const look = lookOfNews(entry);
  return look.weight === 'alert' && entry.history === true ? { ...look, tone: 'old', weight: 'past' } : look;
}

function lookOfNews(entry: EntryView): EntryLook {
  const base = looks[entry.kind] ?? routine(IconPointFilled);
  if (entry.status === 'quarantined') return alert(IconShieldX);
  if (entry.data.disputed === true) return alert(IconHelpTriangle, 'doubt');
  if (entry.kind === 'asset.checked_out') {
    if (entry.data.authority === 'forbidden' || entry.data.authority === 'unsigned') return alert(IconAlertTriangle);
  }
  if (entry.data.signed === false && entry.kind !== 'session.closed') return alert(IconAlertTriangle);
  if (entry.kind === 'inventory.settled' && Array.isArray(entry.data.missing) && entry.data.missing.length > 0) {
    return alert(IconClipboardCheck);
  }
  return base;
}
