import { IconCircleCheck, IconHandStop } from '@tabler/icons-react';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useTranslation } from 'react-i18next';
import { Badge } from './badge.js';

export function PersonStatus({ status }: { status: PersonView['status'] }) {
  const { t } = useTranslation();
  return (
    <Badge
      tone={status === 'active' ? 'ok' : 'hold'}
      icon={status === 'active' ? IconCircleCheck : IconHandStop}
      label={t(`person.${status}`)}
    />
  );
}
