import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import { IconArchive, IconSearch, IconUser } from '@tabler/icons-react';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { assetLooks } from '../ui/badge.js';
import { useApi, useLive } from './services.js';

const shown = 6;

/** Ctrl-K: one box over tools, people and cabinets. */
export function Search() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  return (
    <Spotlight.Root query={text} onQueryChange={setText} shortcut={['mod + K', '/']} scrollable maxHeight={460}>
      <Spotlight.Search
        placeholder={t('search.placeholder')}
        aria-label={t('bar.search')}
        leftSection={<IconSearch size={20} stroke={1.6} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {q === '' ? <Spotlight.Empty>{t('search.hint')}</Spotlight.Empty> : <Results q={q} />}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Results({ q }: { q: string }) {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const all = useLive((state) => state.cabinets);
  const assets = useQuery({ queryKey: ['assets', 'search', q], queryFn: () => api.assets({ q, limit: shown }) });
  const people = useQuery({ queryKey: ['people', 'search', q], queryFn: () => api.people({ q, limit: shown }) });
  const cabinets = [...(all?.values() ?? [])]
    .filter((cabinet) => `${cabinet.name} ${cabinet.site.name}`.toLowerCase().includes(q.toLowerCase()))
    .slice(0, shown);
  const foundAssets = assets.data?.data ?? [];
  const foundPeople = people.data?.data ?? [];
  if (foundAssets.length + foundPeople.length + cabinets.length === 0) {
    return (
      <Spotlight.Empty>
        {assets.isPending || people.isPending ? t('common.loading') : t('search.nothing')}
      </Spotlight.Empty>
    );
  }
  return (
    <>
      {foundAssets.length > 0 && (
        <Spotlight.ActionsGroup label={t('search.assets')}>
          {foundAssets.map((asset) => {
            const Glyph = assetLooks[asset.state].icon;
            const where =
              asset.holder === null
                ? asset.cabinet?.name
                : t('asset.withPerson', { name: asset.holder.name ?? t('common.formerColleague') });
            return (
              <Spotlight.Action
                key={asset.id}
                label={asset.name}
                description={[t(`state.${asset.state}`), where, asset.serial].filter(Boolean).join(' · ')}
                leftSection={<Glyph size={20} aria-hidden />}
                onClick={() => void navigate({ to: '/assets/$assetId', params: { assetId: asset.id } })}
              />
            );
          })}
        </Spotlight.ActionsGroup>
      )}
      {foundPeople.length > 0 && (
        <Spotlight.ActionsGroup label={t('search.people')}>
          {foundPeople.map((person) => (
            <Spotlight.Action
              key={person.id}
              label={person.name ?? t('common.formerColleague')}
              description={
                person.holding === 0 ? t('person.holdingNone') : t('person.holding', { count: person.holding })
              }
              leftSection={<IconUser size={20} aria-hidden />}
              onClick={() => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
            />
          ))}
        </Spotlight.ActionsGroup>
      )}
      <FoundCabinets cabinets={cabinets} />
    </>
  );
}

function FoundCabinets({ cabinets }: { cabinets: readonly CabinetView[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (cabinets.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={t('search.cabinets')}>
      {cabinets.map((cabinet) => (
        <Spotlight.Action
          key={cabinet.id}
          label={cabinet.name}
          description={cabinet.site.name ?? ''}
          leftSection={<IconArchive size={20} aria-hidden />}
          onClick={() => void navigate({ to: '/cabinets/$cabinetId', params: { cabinetId: cabinet.id } })}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}
