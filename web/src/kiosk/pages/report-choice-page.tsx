import { IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** Which tool: those that the person holds. */
export function ReportChoicePage() {
  const { t } = useTranslation();
  const { state, open } = useKiosk();
  const tools = state.holding.flatMap(({ epc, name }) => (epc === undefined ? [] : [{ epc, name }]));
  return (
    <PageFrame title={t('report.choose')}>
      {tools.length === 0 ? (
        <PageText>{t('report.none')}</PageText>
      ) : (
        <Paged
          items={tools}
          keyOf={({ epc }) => epc}
          label={t('report.choose')}
          render={(tool) => (
            <Row
              state="taken"
              icon={IconTool}
              isTool
              name={tool.name}
              onPress={() => open({ kind: 'report', tool })}
              testId="kiosk-report-tool"
            />
          )}
        />
      )}
    </PageFrame>
  );
}
