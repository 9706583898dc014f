import { IconCircleCheck, IconDoorExit, IconHandStop } from '@tabler/icons-react';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useTranslation } from 'react-i18next';
import { Badge } from './badge.js';

const looks = {
  active: { tone: 'ok', icon: IconCircleCheck },
  suspended: { tone: 'hold', icon: IconHandStop },
  left: { tone: 'mute', icon: IconDoorExit },
} as const;

export function PersonStatus({ status }: { status: PersonView['status'] }) {
  const { t } = useTranslation();
  return <Badge {...looks[status]} label={t(`person.${status}`)} />;
}
