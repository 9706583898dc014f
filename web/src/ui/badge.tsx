import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconClockQuestion,
  IconHelpTriangle,
  IconHourglass,
  IconLock,
  IconPlugConnectedX,
  IconRulerMeasure,
  IconUserCheck,
} from '@tabler/icons-react';
import type { AssetState } from '@tagtrail/shared/api/asset.js';
import type { SessionView } from '@tagtrail/shared/api/session.js';
import { useTranslation } from 'react-i18next';
import type { Link } from '../data/freshness.js';

export type Tone = 'ok' | 'out' | 'bad' | 'doubt' | 'due' | 'hold' | 'mute' | 'old';

/** The one shape of every state on every screen: icon, word and colour together. */
export function Badge(props: { tone: Tone; icon: Icon; label: string; title?: string; testId?: string }) {
  const Glyph = props.icon;
  return (
    <span className="tt-badge" data-tone={props.tone} title={props.title} data-testid={props.testId}>
      <Glyph size={14} stroke={2.2} aria-hidden />
      <span>{props.label}</span>
    </span>
  );
}

export const assetLooks: Readonly<Record<AssetState, { tone: Tone; icon: Icon }>> = {
  available: { tone: 'ok', icon: IconCircleCheck },
  out: { tone: 'out', icon: IconUserCheck },
  missing: { tone: 'bad', icon: IconAlertTriangle },
  disputed: { tone: 'doubt', icon: IconHelpTriangle },
  quarantine: { tone: 'hold', icon: IconLock },
  calibration: { tone: 'due', icon: IconRulerMeasure },
  retired: { tone: 'mute', icon: IconArchive },
  unknown: { tone: 'old', icon: IconClockQuestion },
};

/**
 * The state of a tool. When the cabinet that it rests on is silent the state loses its colour:
 * the word stays, the look says that it is old news.
 */
export function StateBadge({ state, fresh = true }: { state: AssetState; fresh?: boolean }) {
  const { t } = useTranslation();
  const look = assetLooks[state];
  const title = fresh ? undefined : t('asset.notFresh');
  return (
    <span data-state={state} data-fresh={fresh}>
      <Badge
        tone={fresh ? look.tone : 'old'}
        icon={fresh ? look.icon : IconClockQuestion}
        label={t(`state.${state}`)}
        {...(title === undefined ? {} : { title })}
      />
    </span>
  );
}

export const linkLooks: Readonly<Record<Link, { tone: Tone; icon: Icon }>> = {
  online: { tone: 'ok', icon: IconCircleCheck },
  stale: { tone: 'old', icon: IconClockQuestion },
  offline: { tone: 'bad', icon: IconPlugConnectedX },
  never: { tone: 'old', icon: IconHourglass },
};

export function LinkBadge({ link, title }: { link: Link; title?: string }) {
  const { t } = useTranslation();
  const look = linkLooks[link];
  return (
    <Badge tone={look.tone} icon={look.icon} label={t(`link.${link}`)} {...(title === undefined ? {} : { title })} />
  );
}

const outcomeLooks: Readonly<Record<SessionView['outcome'], { tone: Tone; icon: Icon }>> = {
  open: { tone: 'out', icon: IconHourglass },
  settled: { tone: 'ok', icon: IconCircleCheck },
  unused: { tone: 'mute', icon: IconArchive },
  interrupted: { tone: 'doubt', icon: IconHelpTriangle },
  unsettled: { tone: 'doubt', icon: IconHelpTriangle },
};

export function OutcomeBadge({ outcome }: { outcome: SessionView['outcome'] }) {
  const { t } = useTranslation();
  const look = outcomeLooks[outcome];
  return <Badge tone={look.tone} icon={look.icon} label={t(`session.${outcome}`)} />;
}
