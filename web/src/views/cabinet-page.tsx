import { Button, Tabs } from '@mantine/core';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/may.js';
import { useApi, useLive, useNow } from '../app/services.js';
import { linkAt } from '../data/freshness.js';
import { isBehind } from '../data/rules-reach.js';
import { Badge, linkLooks } from '../ui/badge.js';
import { BehindBadge, doorOf, Freshness } from '../ui/cabinet-card.js';
import { CabinetDrawing } from '../ui/cabinet-drawing.js';
import { Detail, type Fact, Facts } from '../ui/detail.js';
import { LinkButton } from '../ui/link-button.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { PersonLink } from '../ui/references.js';
import { Timeline } from '../ui/timeline.js';
import { When } from '../ui/when.js';
import { AssetRows } from './asset-rows.js';
import { EnrolDialog } from './cabinet/enrol-dialog.js';
import { RevokeDialog } from './cabinet/revoke-dialog.js';
import { TwoPersonDialog } from './cabinet/two-person-dialog.js';

/** One cabinet: what it holds, how it is, and all that happened at it. */
export function CabinetPage() {
  const api = useApi();
  const { cabinetId } = useParams({ from: '/inside/cabinets/$cabinetId' });
  const live = useLive((state) => state.cabinets?.get(cabinetId));
  const first = useQuery({
    queryKey: ['cabinet', cabinetId],
    queryFn: () => api.cabinet(cabinetId),
    enabled: live === undefined,
  });
  const cabinet = live ?? first.data;
  if (cabinet === undefined) {
    if (first.error !== null) return <ErrorState error={first.error} retry={() => void first.refetch()} />;
    return <RowsSkeleton rows={5} height={80} />;
  }
  return <CabinetDetail cabinet={cabinet} />;
}

function CabinetDetail({ cabinet }: { cabinet: CabinetView }) {
  const { t } = useTranslation();
  const link = linkAt(cabinet, useNow());
  const [open, setOpen] = useState<'revoke' | 'two-person' | 'enrol' | null>(null);
  const isRevoked = (cabinet.revoked_at ?? null) !== null;
  const isAdmin = useMay('admin');
  const mayChange = isAdmin && !isRevoked;
  return (
    <div
      data-testid="cabinet-page"
      data-cabinet={cabinet.id}
      data-link={link}
      data-revoked={isRevoked}
      data-device-uhf={cabinet.devices.uhf?.status ?? 'unknown'}
      data-device-badge={cabinet.devices.badge?.status ?? 'unknown'}
      data-device-lock={cabinet.devices.lock?.status ?? 'unknown'}
    >
      <Detail
        up={{ label: t('cabinet.many'), link: { to: '/cabinets' } }}
        title={cabinet.name}
        state={<Freshness cabinet={cabinet} />}
        asOf={cabinet.site.name}
        art={<CabinetDrawing cabinet={cabinet} old={link !== 'online'} />}
        facts={useHeadFacts(cabinet)}
        actions={
          <>
            <LinkButton to="/assets" search={{ cabinet: cabinet.id }} variant="default">
              {t('cabinet.seeTools')}
            </LinkButton>
            {isAdmin && (
              <Button variant="default" onClick={() => setOpen('enrol')} data-testid="enrol-cabinet">
                {t('enrolment.button')}
              </Button>
            )}
            {mayChange && (
              <Button variant="subtle" color="red" onClick={() => setOpen('revoke')} data-testid="revoke-cabinet">
                {t('revocation.revoke')}
              </Button>
            )}
          </>
        }
      >
        <Tabs defaultValue="timeline" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">{t('tab.timeline')}</Tabs.Tab>
            <Tabs.Tab value="tools">{t('tab.tools')}</Tabs.Tab>
            <Tabs.Tab value="details">{t('tab.details')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" className="tt-card">
            <Timeline owner="cabinets" id={cabinet.id} />
          </Tabs.Panel>
          <Tabs.Panel value="tools" className="tt-card">
            <AssetRows query={{ cabinet_id: cabinet.id }} />
          </Tabs.Panel>
          <Tabs.Panel value="details" className="tt-card">
            <DeviceFacts cabinet={cabinet} mayChange={mayChange} onTwoPerson={() => setOpen('two-person')} />
          </Tabs.Panel>
        </Tabs>
      </Detail>
      {open === 'enrol' && <EnrolDialog cabinet={cabinet} onClose={() => setOpen(null)} />}
      {open === 'revoke' && <RevokeDialog cabinet={cabinet} onClose={() => setOpen(null)} />}
      {open === 'two-person' && <TwoPersonDialog cabinet={cabinet} onClose={() => setOpen(null)} />}
    </div>
  );
}

function useHeadFacts(cabinet: CabinetView): Fact[] {
  const { t } = useTranslation();
  const { counts, session, last_session: last } = cabinet;
  return [
    {
      label: t('cabinet.insideTitle'),
      value: `${t('cabinet.inside', { count: counts.inside, assigned: counts.assigned })}`,
    },
    {
      label: t('cabinet.outTitle'),
      value: [
        t('cabinet.out', { count: counts.out }),
        counts.missing > 0 ? t('cabinet.missing', { count: counts.missing }) : null,
        counts.disputed > 0 ? t('cabinet.disputed', { count: counts.disputed }) : null,
      ]
        .filter((text) => text !== null)
        .join(', '),
    },
    {
      label: t('cabinet.counted'),
      value: cabinet.counted_at === null ? t('cabinet.notCounted') : <When at={cabinet.counted_at} />,
    },
    {
      label: t('cabinet.pendingTitle'),
      value:
        cabinet.pending === null ? (
          t('common.unknown')
        ) : cabinet.pending === 0 ? (
          t('cabinet.noPending')
        ) : (
          <>
            {t('cabinet.pending', { count: cabinet.pending })}
            {cabinet.oldest_pending_at !== null && (
              <>
                {' '}
                (<When at={cabinet.oldest_pending_at} />)
              </>
            )}
          </>
        ),
    },
    {
      label: t('cabinet.lastSession'),
      value:
        session !== null ? (
          <Link to="/sessions/$sessionId" params={{ sessionId: session.id }}>
            {session.person === null
              ? t('cabinet.hereUnsigned')
              : t('cabinet.here', { name: session.person.name ?? t('common.formerColleague') })}
          </Link>
        ) : last === null ? (
          t('cabinet.noSession')
        ) : (
          <>
            <PersonLink person={last.person} />,{' '}
            <Link to="/sessions/$sessionId" params={{ sessionId: last.id }}>
              <When at={last.closed_at} />
            </Link>
          </>
        ),
    },
    { label: t('cabinet.door'), value: t(`door.${doorOf(cabinet)}`) },
  ];
}

function DeviceFacts({
  cabinet,
  mayChange,
  onTwoPerson,
}: {
  cabinet: CabinetView;
  mayChange: boolean;
  onTwoPerson: () => void;
}) {
  const { t } = useTranslation();
  const has = cabinet.rulebook_version;
  const devices: Fact[] = (['uhf', 'badge', 'lock'] as const).map((device) => {
    const health = cabinet.devices[device];
    const look =
      health === undefined || health.status === 'starting'
        ? linkLooks.stale
        : health.status === 'ok'
          ? linkLooks.online
          : linkLooks.offline;
    return {
      label: t(`device.${device}`),
      value: (
        <>
          <Badge
            tone={look.tone}
            icon={look.icon}
            label={health === undefined ? t('common.unknown') : t(`device.${health.status}`)}
          />{' '}
          {health !== undefined && <When at={health.since} />} {health?.detail}
        </>
      ),
    };
  });
  const facts: Fact[] = [
    ...devices,
    ...cabinet.doors.map((door) => ({
      label: t('door.number', { door: door.door }),
      value: t(`door.${door.state}`),
    })),
    {
      label: t('cabinet.rulebook'),
      value:
        has === null ? (
          t('cabinet.rulebookNone')
        ) : isBehind(cabinet) ? (
          <BehindBadge cabinet={cabinet} />
        ) : (
          t('cabinet.rulebookCurrent', { has })
        ),
    },
    {
      label: t('twoPerson.title'),
      value: (
        <>
          {t(cabinet.two_person_to_open === true ? 'twoPerson.two' : 'twoPerson.one')}
          {mayChange && (
            <Button variant="subtle" size="compact-xs" onClick={onTwoPerson} data-testid="two-person">
              {t('settings.edit')}
            </Button>
          )}
        </>
      ),
    },
    { label: t('cabinet.lastSeen'), value: <When at={cabinet.last_seen_at} /> },
  ];
  return <Facts facts={facts} />;
}
