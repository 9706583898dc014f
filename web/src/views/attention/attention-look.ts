import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconClockQuestion,
  IconDoor,
  IconHelpTriangle,
  IconPackage,
  IconPlugConnectedX,
  IconShieldX,
} from '@tabler/icons-react';
import type { AttentionKind } from '@tagtrail/shared/api/attention.js';
import type { Tone } from '../../ui/badge.js';

/** How each kind is drawn: red for what is wrong, orange for what is in doubt. */
export const attentionLooks: Readonly<Record<AttentionKind, { readonly tone: Tone; readonly icon: Icon }>> = {
  forbidden_take: { tone: 'bad', icon: IconShieldX },
  unsigned_opening: { tone: 'bad', icon: IconDoor },
  trail_refused: { tone: 'bad', icon: IconShieldX },
  journal_damaged: { tone: 'bad', icon: IconShieldX },
  forged_command: { tone: 'bad', icon: IconShieldX },
  missing: { tone: 'bad', icon: IconAlertTriangle },
  disputed: { tone: 'doubt', icon: IconHelpTriangle },
  reported_broken: { tone: 'doubt', icon: IconAlertTriangle },
  reported_incomplete: { tone: 'doubt', icon: IconAlertTriangle },
  reported_lost: { tone: 'bad', icon: IconAlertTriangle },
  loss_asked: { tone: 'bad', icon: IconAlertTriangle },
  kit_incomplete: { tone: 'doubt', icon: IconPackage },
  door_left_open: { tone: 'doubt', icon: IconDoor },
  cabinet_silent: { tone: 'old', icon: IconClockQuestion },
  device_failed: { tone: 'bad', icon: IconPlugConnectedX },
  stream_gap: { tone: 'bad', icon: IconShieldX },
  clone_suspected: { tone: 'bad', icon: IconShieldX },
  quarantined: { tone: 'hold', icon: IconArchive },
};
