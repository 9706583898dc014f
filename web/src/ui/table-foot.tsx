import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** How many rows are shown, and the way to more. */
export function TableFoot(props: { shown: number; more: boolean; loading: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="tt-more">
      <span className="tt-soft">
        {props.more ? t('common.loaded', { count: props.shown }) : t('common.total', { count: props.shown })}
      </span>
      {props.more && (
        <Button variant="default" size="xs" loading={props.loading} onClick={props.onMore}>
          {t('common.more')}
        </Button>
      )}
    </div>
  );
}
