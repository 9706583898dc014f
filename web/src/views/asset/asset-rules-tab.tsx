import { IconCertificate, IconUsers, IconUsersGroup } from '@tabler/icons-react';
import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { AssetRules } from '@tagtrail/shared/api/item-rule.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { Badge } from '../../ui/badge.js';
import { ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { Section } from '../../ui/section.js';
import { GrantTable } from '../rules/grants-section.js';

/** All that decides who may take a tool, each with where it comes from. */
export function AssetRulesTab({ asset }: { asset: AssetView }) {
  const { t } = useTranslation();
  const api = useApi();
  const found = useQuery({ queryKey: ['rules', 'asset', asset.id], queryFn: () => api.assetRules(asset.id) });
  if (found.isPending) return <RowsSkeleton rows={3} height={60} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const rules = found.data;
  return (
    <>
      <Section title={t('assetRules.title')} lead={t('assetRules.lead')} testId="asset-rules">
        <ul className="tt-asks">
          <Groups groups={rules.groups} />
          {rules.licences.map(({ licence, ...source }) => (
            <li key={`${licence} ${source.from} ${source.name}`} data-licence={licence} data-from={source.from}>
              <Badge tone="mute" icon={IconCertificate} label={licence} /> {t('assetRules.needsLicence')}{' '}
              <Source {...source} />
            </li>
          ))}
          {rules.licences.length === 0 && <li className="tt-soft">{t('assetRules.noLicence')}</li>}
          {rules.two_person.map((source) => (
            <li key={`${source.from} ${source.name}`} data-two-person={source.from}>
              <Badge tone="hold" icon={IconUsers} label={t('itemRule.twoPeople')} /> {t('assetRules.needsTwo')}{' '}
              <Source {...source} />
            </li>
          ))}
          {rules.two_person.length === 0 && <li className="tt-soft">{t('assetRules.oneIsEnough')}</li>}
        </ul>
      </Section>
      {rules.grants.length > 0 && (
        <Section title={t('grant.many')} lead={t('assetRules.grantsLead')} testId="asset-grants">
          <GrantTable grants={rules.grants} showWho onEnd={null} />
        </Section>
      )}
    </>
  );
}

function Groups({ groups }: { groups: readonly string[] }) {
  const { t } = useTranslation();
  if (groups.length === 0) return <li className="tt-soft">{t('assetRules.everybody')}</li>;
  return (
    <li>
      <Badge tone="mute" icon={IconUsersGroup} label={groups.join(', ')} /> {t('assetRules.onlyGroups')}
    </li>
  );
}

function Source({ from, name }: AssetRules['two_person'][number]) {
  const { t } = useTranslation();
  return <span className="tt-soft">({t(`assetRules.from.${from}`, { name: name ?? '' })})</span>;
}
