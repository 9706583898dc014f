import { Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { ChangeReach } from '@tagtrail/shared/api/rulebook.js';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { Badge, LinkBadge } from '../../ui/badge.js';
import { ErrorState } from '../../ui/page-states.js';
import { CabinetLink } from '../../ui/references.js';
import { When } from '../../ui/when.js';

/** While a cabinet has not heard of it somebody is waiting for the word. */
const askAgainMs = 5000;

/** Where a badge that has ended is blocked already, and which cabinets it may still open. */
export function BadgeReach({ badge }: { badge: PersonView['badges'][number] }) {
  const api = useApi();
  const found = useQuery({
    queryKey: ['badge', badge.id, 'reach'],
    queryFn: () => api.badgeReach(badge.id),
    refetchInterval: ({ state }) => (state.data !== undefined && isEverywhere(state.data) ? false : askAgainMs),
  });
  if (found.isPending) return null;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return found.data.cabinets === 0 ? null : <Reach reach={found.data} />;
}

function Reach({ reach }: { reach: ChangeReach }) {
  const { t } = useTranslation();
  const everywhere = isEverywhere(reach);
  const label = t(everywhere ? 'rights.blockedEverywhere' : 'rights.blockedAt', {
    count: reach.cabinets,
    reached: reach.reached,
  });
  return (
    <Stack
      gap={6}
      align="flex-start"
      data-testid="badge-reach"
      data-reached={reach.reached}
      data-cabinets={reach.cabinets}
    >
      <Badge
        tone={everywhere ? 'ok' : 'bad'}
        icon={everywhere ? IconCircleCheck : IconClockExclamation}
        label={label}
        title={t('rights.blockedHelp')}
      />
      {!everywhere && (
        <>
          <Text size="sm">{t('rights.stillOpens')}</Text>
          {reach.data
            .filter(({ reached }) => !reached)
            .map(({ cabinet, site, link }) => (
              <Group key={cabinet.id} gap="xs" data-testid="still-opens">
                <CabinetLink cabinet={cabinet} />
                <Text size="sm" c="dimmed">
                  {site.name}
                </Text>
                <LinkBadge link={link} />
              </Group>
            ))}
          <Text size="xs" c="dimmed">
            {t('rights.endedSince')} <When at={reach.changed_at} />
          </Text>
        </>
      )}
    </Stack>
  );
}

function isEverywhere(reach: ChangeReach): boolean {
  return reach.reached === reach.cabinets;
}
