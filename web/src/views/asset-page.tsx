import { Tabs } from '@mantine/core';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../app/services.js';
import { StateBadge } from '../ui/badge.js';
import { Detail, Facts } from '../ui/detail.js';
import { LinkButton } from '../ui/link-button.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { Timeline } from '../ui/timeline.js';
import { AssetAsOf, useAssetDetails, useAssetFacts } from './asset-head.js';

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
  return (
    <div data-testid="asset-page" data-asset={asset.id} data-state={asset.state} data-person={asset.holder?.id}>
      <Detail
        up={{ label: t('asset.many'), link: { to: '/assets' } }}
        title={asset.name}
        state={<StateBadge state={asset.state} fresh={asset.fresh} />}
        asOf={<AssetAsOf asset={asset} />}
        facts={useAssetFacts(asset)}
        {...(asset.session === null
          ? {}
          : {
              actions: (
                <LinkButton to="/sessions/$sessionId" params={{ sessionId: asset.session }} variant="default">
                  {t('asset.seeSession')}
                </LinkButton>
              ),
            })}
      >
        <Tabs defaultValue="timeline" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">{t('tab.timeline')}</Tabs.Tab>
            <Tabs.Tab value="details">{t('tab.details')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" className="tt-card">
            <Timeline owner="assets" id={asset.id} />
          </Tabs.Panel>
          <Tabs.Panel value="details" className="tt-card">
            <Facts facts={useAssetDetails(asset)} />
          </Tabs.Panel>
        </Tabs>
      </Detail>
    </div>
  );
}
