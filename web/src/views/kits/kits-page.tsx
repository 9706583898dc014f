import { Button, Title } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockQuestion,
  IconPackage,
  IconPencil,
  IconPlus,
} from '@tabler/icons-react';
import type { KitView } from '@tagtrail/shared/api/kit.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../app/may.js';
import { useApi } from '../../app/services.js';
import { Badge, StateBadge } from '../../ui/badge.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { CabinetLink, PersonLink } from '../../ui/references.js';
import { TableFoot } from '../../ui/table-foot.js';
import { When } from '../../ui/when.js';
import { KitDialog } from './kit-dialog.js';

/** Kits and toolboxes: what travels together, and what is missing from it. */
export function KitsPage() {
  const { t } = useTranslation();
  const api = useApi();
  const mayChange = useMay('manager');
  const [changed, setChanged] = useState<KitView | 'new' | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['rules', 'kits'],
    queryFn: ({ pageParam }) => api.kits({ limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  });
  const kits = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('kit.many')} <span className="tt-count">{list.isSuccess ? kits.length : ''}</span>
        </Title>
        {mayChange && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setChanged('new')}
            data-testid="add-kit"
          >
            {t('kit.new')}
          </Button>
        )}
      </header>
      <p className="tt-page-lead">{t('kit.lead')}</p>
      {list.isPending && <RowsSkeleton rows={3} height={160} />}
      {list.isError && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && kits.length === 0 && (
        <EmptyState icon={IconPackage} title={t('kit.none')} next={t('kit.noneNext')} />
      )}
      <div className="tt-grid" data-testid="kits">
        {kits.map((kit) => (
          <KitCard key={kit.id} kit={kit} onChange={mayChange ? () => setChanged(kit) : null} />
        ))}
      </div>
      {list.hasNextPage && (
        <TableFoot
          shown={kits.length}
          more
          loading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {changed !== null && <KitDialog kit={changed === 'new' ? null : changed} onClose={() => setChanged(null)} />}
    </>
  );
}

function KitCard({ kit, onChange }: { kit: KitView; onChange: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <article className="tt-card tt-kit" data-kit={kit.id} data-complete={kit.complete ?? 'unknown'}>
      <header>
        <div>
          <Link to="/assets/$assetId" params={{ assetId: kit.id }} className="tt-card-name">
            <strong>{kit.name}</strong>
          </Link>
          <span className="tt-soft">
            {kit.holder === null ? <CabinetLink cabinet={kit.cabinet} /> : <PersonLink person={kit.holder} />}
            {' · '}
            {kit.as_of === null ? t('common.asOfUnknown') : <When at={kit.as_of} />}
          </span>
        </div>
        <Completeness kit={kit} />
      </header>
      <ul>
        {kit.children.map((child) => (
          <li key={child.asset.id} data-asset={child.asset.id} data-with-kit={child.with_kit ?? 'unknown'}>
            <Link to="/assets/$assetId" params={{ assetId: child.asset.id }}>
              {child.asset.name ?? child.asset.id}
            </Link>
            <Elsewhere child={child} />
            <StateBadge state={child.state} fresh={kit.fresh} />
          </li>
        ))}
      </ul>
      {onChange !== null && (
        <footer>
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={onChange}
            data-testid="change-kit"
          >
            {t('settings.edit')}
          </Button>
        </footer>
      )}
    </article>
  );
}

/** Unknown is never drawn as complete. */
function Completeness({ kit }: { kit: KitView }) {
  const { t } = useTranslation();
  if (kit.complete === null || !kit.fresh) {
    return <Badge tone="old" icon={IconClockQuestion} label={t('kit.unknown')} title={t('kit.unknownHelp')} />;
  }
  return kit.complete ? (
    <Badge tone="ok" icon={IconCircleCheck} label={t('kit.complete')} />
  ) : (
    <Badge tone="bad" icon={IconAlertTriangle} label={t('kit.incomplete')} />
  );
}

/** Where a child is that is not with its kit. */
function Elsewhere({ child }: { child: KitView['children'][number] }) {
  if (child.with_kit !== false) return null;
  return (
    <span className="tt-soft">
      {child.holder === null ? <CabinetLink cabinet={child.cabinet} /> : <PersonLink person={child.holder} />}
    </span>
  );
}
