import {
  IconAlertTriangle,
  IconClockExclamation,
  IconDoor,
  IconDoorOff,
  IconInbox,
  IconPlugConnectedX,
  IconShieldX,
  IconUser,
} from '@tabler/icons-react';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNow } from '../app/services.js';
import { linkAt } from '../data/freshness.js';
import { isBehind } from '../data/rules-reach.js';
import { Badge, LinkBadge, RevokedBadge } from './badge.js';
import { CabinetDrawing } from './cabinet-drawing.js';
import { useWhenText, When } from './when.js';

/** One cabinet of the board: drawn like one, and honest about how old its news is. */
export function CabinetCard({ cabinet }: { cabinet: CabinetView }) {
  const link = linkAt(cabinet, useNow());
  const old = link !== 'online';
  const { uhf, badge, lock } = cabinet.devices;
  return (
    <Link
      to="/cabinets/$cabinetId"
      params={{ cabinetId: cabinet.id }}
      className="tt-card tt-cabinet-card"
      data-testid="cabinet-card"
      data-cabinet={cabinet.id}
      data-link={link}
      data-device-uhf={uhf?.status ?? 'unknown'}
      data-device-badge={badge?.status ?? 'unknown'}
      data-device-lock={lock?.status ?? 'unknown'}
      data-door={doorOf(cabinet)}
      data-pending={cabinet.pending ?? 'unknown'}
      data-behind={isBehind(cabinet)}
      data-revoked={(cabinet.revoked_at ?? null) !== null}
    >
      <header>
        <div>
          <strong className="tt-card-name">{cabinet.name}</strong>
          <span className="tt-soft">{cabinet.site.name}</span>
        </div>
        <Freshness cabinet={cabinet} />
      </header>
      <div className="tt-cabinet-row">
        <CabinetDrawing cabinet={cabinet} old={old} />
        <Counts cabinet={cabinet} />
      </div>
      <Troubles cabinet={cabinet} />
      <footer>
        <Visitor cabinet={cabinet} old={old} />
        <Pending cabinet={cabinet} />
      </footer>
    </Link>
  );
}

export function doorOf(cabinet: CabinetView): 'open' | 'closed' | 'unknown' {
  if (cabinet.doors.some((door) => door.state === 'open')) return 'open';
  if (cabinet.doors.length === 0 || cabinet.doors.some((door) => door.state === 'unknown')) return 'unknown';
  return 'closed';
}

/** How fresh the news of a cabinet is, as a chip; a silent one says since when. */
export function Freshness({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const when = useWhenText();
  const link = linkAt(cabinet, useNow());
  const revokedAt = cabinet.revoked_at ?? null;
  if (revokedAt !== null) {
    return (
      <span className="tt-freshness">
        <RevokedBadge title={t('revocation.revokedLong', { name: cabinet.name, time: when(revokedAt) })} />
        <When at={revokedAt} />
      </span>
    );
  }
  const title = t(`linkLong.${link}`, { name: cabinet.name, time: when(cabinet.last_seen_at) });
  return (
    <span className="tt-freshness">
      <LinkBadge link={link} title={title} />
      {cabinet.last_seen_at !== null && <When at={cabinet.last_seen_at} />}
    </span>
  );
}

function Counts({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const { counts } = cabinet;
  const door = doorOf(cabinet);
  return (
    <div className="tt-counts">
      <span className="tt-big">
        {counts.inside}
        <small>/{counts.assigned}</small>
      </span>
      <span className="tt-soft">{t('cabinet.insideTitle')}</span>
      <span>{t('cabinet.out', { count: counts.out })}</span>
      <span className="tt-door" data-door={door}>
        {door === 'open' ? <IconDoorOff size={15} aria-hidden /> : <IconDoor size={15} aria-hidden />}
        {t(`door.${door}`)}
      </span>
    </div>
  );
}

function Troubles({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const { counts } = cabinet;
  const devices = Object.entries(cabinet.devices).flatMap(([device, health]) =>
    health === undefined || health.status === 'ok' ? [] : [{ device, status: health.status }],
  );
  const incidents = cabinet.incidents ?? [];
  const isCalm = counts.missing === 0 && counts.disputed === 0 && devices.length === 0 && incidents.length === 0;
  if (isCalm && !isBehind(cabinet)) return null;
  return (
    <div className="tt-troubles">
      {counts.missing > 0 && (
        <Badge tone="bad" icon={IconAlertTriangle} label={t('cabinet.missing', { count: counts.missing })} />
      )}
      {counts.disputed > 0 && (
        <Badge tone="doubt" icon={IconAlertTriangle} label={t('cabinet.disputed', { count: counts.disputed })} />
      )}
      {incidents.map(({ kind, since }) => (
        <Badge key={`${kind} ${since}`} tone="bad" icon={IconShieldX} label={t(`incident.${kind}`)} />
      ))}
      {devices.map(({ device, status }) => (
        <Badge
          key={device}
          tone={status === 'starting' ? 'old' : 'bad'}
          icon={IconPlugConnectedX}
          label={t('device.line', { device: t(`device.${device as 'uhf'}`), status: t(`device.${status}`) })}
        />
      ))}
      {isBehind(cabinet) && <BehindBadge cabinet={cabinet} />}
    </div>
  );
}

/** The rules that it works by are not its newest. */
export function BehindBadge({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const { rulebook_version: has, rulebook_wanted: wanted } = cabinet;
  return (
    <Badge
      tone="due"
      icon={IconClockExclamation}
      label={has === null ? t('rules.behindNone') : t('rules.behind', { has, wanted })}
      title={t('rules.reachHelp')}
    />
  );
}

function Visitor({ cabinet, old }: { cabinet: CabinetView; old: boolean }) {
  const { t } = useTranslation();
  if (old && cabinet.counted_at !== null) {
    const [before, after] = t('cabinet.oldNews', { time: '|' }).split('|');
    return (
      <span>
        {before}
        <When at={cabinet.last_seen_at} />
        {after}
      </span>
    );
  }
  if (cabinet.session !== null) {
    const name = cabinet.session.person;
    return (
      <span className="tt-here" data-testid="visitor">
        <IconUser size={15} aria-hidden />
        {name === null
          ? t('cabinet.hereUnsigned')
          : t('cabinet.here', { name: name.name ?? t('common.formerColleague') })}
      </span>
    );
  }
  const last = cabinet.last_session;
  if (last === null) return <span>{t('cabinet.noSession')}</span>;
  const name = last.person === null ? t('cabinet.lastUnsigned') : (last.person.name ?? t('common.formerColleague'));
  return (
    <span>
      {t('cabinet.last', { name })} · <When at={last.closed_at} />
    </span>
  );
}

function Pending({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const pending = cabinet.pending ?? 0;
  if (pending === 0) return null;
  return (
    <span className="tt-pending" title={t('cabinet.pending', { count: pending })}>
      <IconInbox size={15} aria-hidden />
      {pending}
      <span className="tt-hidden">{t('cabinet.pending', { count: pending })}</span>
    </span>
  );
}
