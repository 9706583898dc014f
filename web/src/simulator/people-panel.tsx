import { Button } from '@mantine/core';
import { IconIdBadge2 } from '@tabler/icons-react';
import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';
import { useTranslation } from 'react-i18next';
import { PlaceBox, type PlaceBoxProps } from './place-box.js';
import type { Place, Tag } from './tool-places.js';

export interface PeoplePanelProps extends Pick<PlaceBoxProps, 'carry' | 'registerDot'> {
  readonly badges: CabinetState['badges'];
  readonly tagsAt: (place: Place) => readonly Tag[];
  readonly onBadge: (number: string) => void;
}

/** Everybody with a badge: tap it, or put tools into their pockets. */
export function PeoplePanel({ badges, tagsAt, onBadge, ...rest }: PeoplePanelProps) {
  const { t } = useTranslation();
  return (
    <section className="tt-card ts-panel ts-people">
      <h2>{t('simulator.people')}</h2>
      {badges.length === 0 && <p className="tt-soft">{t('simulator.noBadges')}</p>}
      {badges.map((badge) => (
        <PlaceBox
          key={badge.number}
          {...rest}
          place={`pocket-${badge.number}`}
          name={t('simulator.pockets', { name: badge.label })}
          tags={tagsAt(`pocket-${badge.number}`)}
          head={
            <div className="ts-person">
              <span title={badge.number}>{badge.label}</span>
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<IconIdBadge2 size={16} aria-hidden />}
                onClick={() => onBadge(badge.number)}
                data-testid="sim-badge"
                data-number={badge.number}
                aria-label={t('simulator.tapOf', { name: badge.label })}
              >
                {t('simulator.tap')}
              </Button>
            </div>
          }
        />
      ))}
    </section>
  );
}
