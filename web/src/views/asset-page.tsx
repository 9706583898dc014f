import { Button, Tabs } from '@mantine/core';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/may.js';
import { useApi } from '../app/services.js';
import { StateBadge } from '../ui/badge.js';
import { Detail, Facts } from '../ui/detail.js';
import { LinkButton } from '../ui/link-button.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { Timeline } from '../ui/timeline.js';
import { AssetDialog } from './asset/asset-dialog.js';
import { AssetRulesTab } from './asset/asset-rules-tab.js';
import { AssetAsOf, useAssetDetails, useAssetFacts } from './asset-head.js';
import { AskLossDialog, mayBeLost } from './losses/ask-loss-dialog.js';

/** One tool: who has it now, since when, and all that happened to it. */
export function AssetPage() {
  const { assetId } = useParams({ from: '/inside/assets/$assetId' });
  const api = useApi();
  const found = useQuery({ queryKey: ['asset', assetId], queryFn: () => api.asset(assetId) });
  if (found.isPending) return <RowsSkeleton rows={5} height={80} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return <AssetDetail asset={found.data} />;
}

function AssetDetail({ asset }: { asset: AssetView }) {
  const { t } = useTranslation();
  const mayChange = useMay('manager');
  const [open, setOpen] = useState<'change' | 'loss' | null>(null);
  return (
    <div data-testid="asset-page" data-asset={asset.id} data-state={asset.state} data-person={asset.holder?.id}>
      <Detail
        up={{ label: t('asset.many'), link: { to: '/assets' } }}
        title={asset.name}
        state={<StateBadge state={asset.state} fresh={asset.fresh} />}
        asOf={<AssetAsOf asset={asset} />}
        facts={useAssetFacts(asset)}
        actions={
          <>
            {asset.session !== null && (
              <LinkButton to="/sessions/$sessionId" params={{ sessionId: asset.session }} variant="default">
                {t('asset.seeSession')}
              </LinkButton>
            )}
            {mayChange && (
              <Button variant="default" onClick={() => setOpen('change')} data-testid="change-asset">
                {t('settings.edit')}
              </Button>
            )}
            {mayChange && mayBeLost(asset) && (
              <Button variant="subtle" color="red" onClick={() => setOpen('loss')} data-testid="ask-loss">
                {t('loss.button')}
              </Button>
            )}
          </>
        }
      >
        <Tabs defaultValue="timeline" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">{t('tab.timeline')}</Tabs.Tab>
            <Tabs.Tab value="rules">{t('assetRules.tab')}</Tabs.Tab>
            <Tabs.Tab value="details">{t('tab.details')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" className="tt-card">
            <Timeline owner="assets" id={asset.id} />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <AssetRulesTab asset={asset} />
          </Tabs.Panel>
          <Tabs.Panel value="details" className="tt-card">
            <Facts facts={useAssetDetails(asset)} />
          </Tabs.Panel>
        </Tabs>
      </Detail>
      {open === 'change' && <AssetDialog asset={asset} onClose={() => setOpen(null)} />}
      {open === 'loss' && <AskLossDialog asset={asset} onClose={() => setOpen(null)} />}
    </div>
  );
}
