import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The head of a column of buttons: those who see need no word for it, those who listen do. */
export function ActionsHead() {
  const { t } = useTranslation();
  return (
    <Table.Th>
      <span className="tt-hidden">{t('common.actions')}</span>
    </Table.Th>
  );
}
