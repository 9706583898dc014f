import { Button, Drawer, Select, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconExternalLink, IconSearch, IconX } from '@tabler/icons-react';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { type AssetState, assetState } from '@tagtrail/shared/api/asset.js';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { assetsSearch } from '../app/router.js';
import { useApi, useLive } from '../app/services.js';
import { AsOf } from '../ui/as-of.js';
import { StateBadge } from '../ui/badge.js';
import { Facts } from '../ui/detail.js';
import { LinkButton } from '../ui/link-button.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { Timeline } from '../ui/timeline.js';
import { AssetAsOf, useAssetFacts } from './asset-head.js';
import { AssetRows } from './asset-rows.js';

type Filters = z.infer<typeof assetsSearch>;

/** All tools, filtered; a row opens a side panel, and the address keeps the whole view. */
export function AssetsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: '/inside/assets' });
  const overview = useLive((state) => state.overview);
  const set = (change: Partial<Record<keyof Filters, string | undefined>>): void => {
    void navigate({ to: '/assets', search: { ...search, ...change } as Filters, replace: true });
  };
  const query = { q: search.q, state: search.state, site_id: search.site, cabinet_id: search.cabinet };
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('asset.many')}
        </Title>
        {overview !== null && <AsOf freshness={overview.freshness} />}
      </header>
      <AssetFilters search={search} set={set} />
      <div className="tt-card">
        <AssetRows query={query} onOpen={(asset) => set({ open: asset.id })} />
      </div>
      <AssetPanel assetId={search.open ?? null} onClose={() => set({ open: undefined })} />
    </>
  );
}

function AssetFilters({
  search,
  set,
}: {
  search: Filters;
  set: (change: Partial<Record<keyof Filters, string | undefined>>) => void;
}) {
  const { t } = useTranslation();
  const api = useApi();
  const [text, setText] = useState(search.q ?? '');
  const cabinets = useLive((state) => state.cabinets);
  const sites = useQuery({ queryKey: ['sites'], queryFn: api.sites, staleTime: 60_000 });
  const later = useDebouncedCallback((q: string) => set({ q: q === '' ? undefined : q }), 200);
  const filtered = [search.q, search.state, search.site, search.cabinet].some((value) => value !== undefined);
  return (
    <search className="tt-filters">
      <TextInput
        aria-label={t('asset.search')}
        placeholder={t('asset.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          later(event.currentTarget.value.trim());
        }}
      />
      <Select
        aria-label={t('asset.state')}
        placeholder={t('asset.anyState')}
        clearable
        data={assetState.options.map((value: AssetState) => ({ value, label: t(`state.${value}`) }))}
        value={search.state ?? null}
        onChange={(value) => set({ state: value ?? undefined })}
      />
      <Select
        aria-label={t('asset.site')}
        placeholder={t('asset.anySite')}
        clearable
        data={(sites.data?.data ?? []).map((site) => ({ value: site.id, label: site.name }))}
        value={search.site ?? null}
        onChange={(value) => set({ site: value ?? undefined })}
      />
      <Select
        aria-label={t('cabinet.one')}
        placeholder={t('asset.anyCabinet')}
        clearable
        data={[...(cabinets?.values() ?? [])].map((cabinet) => ({ value: cabinet.id, label: cabinet.name }))}
        value={search.cabinet ?? null}
        onChange={(value) => set({ cabinet: value ?? undefined })}
      />
      {filtered && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconX size={15} aria-hidden />}
          onClick={() => {
            setText('');
            set({ q: undefined, state: undefined, site: undefined, cabinet: undefined });
          }}
        >
          {t('common.clear')}
        </Button>
      )}
    </search>
  );
}

function AssetPanel({ assetId, onClose }: { assetId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const found = useQuery({
    queryKey: ['asset', assetId],
    queryFn: () => api.asset(assetId ?? ''),
    enabled: assetId !== null,
  });
  return (
    <Drawer
      opened={assetId !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={<strong>{found.data?.name ?? t('asset.one')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {found.isPending && <RowsSkeleton />}
      {found.isError && <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && assetId !== null && <PanelBody asset={found.data} />}
    </Drawer>
  );
}

function PanelBody({ asset }: { asset: AssetView }) {
  const { t } = useTranslation();
  return (
    <div data-testid="asset-panel" data-asset={asset.id} data-state={asset.state}>
      <div className="tt-panel-head">
        <StateBadge state={asset.state} fresh={asset.fresh} />
        <span className="tt-soft">
          <AssetAsOf asset={asset} />
        </span>
        <LinkButton
          to="/assets/$assetId"
          params={{ assetId: asset.id }}
          variant="default"
          size="xs"
          leftSection={<IconExternalLink size={14} aria-hidden />}
        >
          {t('common.open')}
        </LinkButton>
      </div>
      <Facts facts={useAssetFacts(asset)} />
      <h3 className="tt-panel-title">{t('timeline.title')}</h3>
      <Timeline owner="assets" id={asset.id} pageSize={20} />
    </div>
  );
}
