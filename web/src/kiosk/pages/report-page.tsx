import { type Icon, IconHammer, IconPuzzleOff, IconZoomQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import type { ToolName } from '../kiosk-pages.js';
import { PageFrame } from '../page-frame.js';

const kinds: readonly { readonly what: 'broken' | 'incomplete' | 'lost'; readonly icon: Icon }[] = [
  { what: 'broken', icon: IconHammer },
  { what: 'incomplete', icon: IconPuzzleOff },
  { what: 'lost', icon: IconZoomQuestion },
];

/** What is wrong with it: one tap, and the tool is in quarantine. */
export function ReportPage({ tool }: { tool: ToolName }) {
  const { t } = useTranslation();
  const { client, heed, open } = useKiosk();
  const report = (what: (typeof kinds)[number]['what']): void =>
    void client.act('report', { epc: tool.epc, what, note: null }).then((answer) => {
      if (!heed(answer)) return;
      const title = t('report.done', { name: tool.name });
      const text = what === 'lost' ? t('report.lostText') : t('report.doneText');
      open({ kind: 'said', tone: 'ok', title, text });
    });
  return (
    <PageFrame title={tool.name} note={t('report.title')}>
      <div className="tk-tiles">
        {kinds.map(({ what, icon }) => (
          <BigButton
            key={what}
            icon={icon}
            label={t(`report.${what}`)}
            note={t(`report.${what}Note`)}
            onPress={() => report(what)}
            testId={`kiosk-report-${what}`}
          />
        ))}
      </div>
    </PageFrame>
  );
}
