import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconBan,
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
export function Badge(props: { tone: Tone; icon: Icon; label: string; title?: string; hatched?: boolean }) {
  const Glyph = props.icon;
  return (
    <span className={props.hatched ? 'tt-badge tt-hatched' : 'tt-badge'} data-tone={props.tone} title={props.title}>
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
 * The state of a tool. When the cabinet that it rests on is silent it is hatched and has a clock,
 * and what looks calm loses its colour; an alarm keeps it.
 */
export function StateBadge({ state, fresh = true }: { state: AssetState; fresh?: boolean }) {
  const { t } = useTranslation();
  const look = assetLooks[state];
  const calm = look.tone === 'ok' || look.tone === 'out';
  return (
    <span data-state={state} data-fresh={fresh}>
      <Badge
        tone={fresh || !calm ? look.tone : 'old'}
        icon={fresh ? look.icon : IconClockQuestion}
        label={t(`state.${state}`)}
        hatched={!fresh}
        {...(fresh ? {} : { title: t('asset.notFresh') })}
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

/** A cabinet that was cut off for good. */
export function RevokedBadge({ title }: { title: string }) {
  const { t } = useTranslation();
  return <Badge tone="bad" icon={IconBan} label={t('revocation.revoked')} title={title} />;
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
