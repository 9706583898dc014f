import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import { useTranslation } from 'react-i18next';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { type Fact, Facts } from '../../ui/detail.js';
import { When } from '../../ui/when.js';

interface NoticeProps {
  readonly customer: string;
  readonly leaving: OffBoardingView;
}

/** What is going to happen, and what stands in its way. */
export function LeavingNotice({ customer, leaving }: NoticeProps) {
  const { t, i18n } = useTranslation();
  const { status, holds } = leaving;
  const day = leaving.remove_at === null ? '' : dayText(leaving.remove_at, languageOf(i18n));
  const blocks = [
    ...(holds > 0 ? [t('offBoarding.holds', { count: holds })] : []),
    ...(status === 'waiting' && leaving.exported_at === null ? [t('offBoarding.exportFirst')] : []),
  ];
  const [title, text] =
    status === 'waiting'
      ? [t('offBoarding.waitingAlert', { customer }), t('offBoarding.waitingText')]
      : status === 'agreed'
        ? [
            t('offBoarding.agreedAlert', { customer, day }),
            t(holds > 0 ? 'offBoarding.agreedHeld' : 'offBoarding.agreedText'),
          ]
        : [t('offBoarding.closingAlert', { customer }), t('offBoarding.closingText')];
  return (
    <Alert color="red" variant={status === 'waiting' ? 'light' : 'filled'} icon={<IconAlertTriangle />} title={title}>
      {text}
      {blocks.length > 0 && (
        <div data-testid="leaving-blocks">
          <strong>{t('offBoarding.blocks')}</strong>
          <List size="sm">
            {blocks.map((block) => (
              <List.Item key={block}>{block}</List.Item>
            ))}
          </List>
        </div>
      )}
    </Alert>
  );
}

/** Who asked for it, who decided, and every day that counts. */
export function LeavingFacts({ leaving }: { leaving: OffBoardingView }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  const named = ({ name }: { name: string | null }): string => name ?? t('common.formerColleague');
  const facts: Fact[] = [
    { label: t('offBoarding.contractEnds'), value: dayText(leaving.contract_ends_on, language) },
    { label: t('offBoarding.record'), value: t('common.day', { count: leaving.record_days }) },
    {
      label: t('offBoarding.askedBy'),
      value: (
        <>
          {named(leaving.asked_by)} · <When at={leaving.asked_at} />
        </>
      ),
    },
  ];
  if (leaving.status === 'waiting') {
    facts.push({ label: t('offBoarding.decideBefore'), value: <When at={leaving.expires_at} look="clock" /> });
  }
  if (leaving.decided_by !== null) {
    facts.push({
      label: t('offBoarding.decidedBy'),
      value: (
        <>
          {named(leaving.decided_by)} · <When at={leaving.decided_at} />
        </>
      ),
    });
  }
  if (leaving.status === 'agreed' || leaving.status === 'closing') {
    facts.push({ label: t('offBoarding.removeAt'), value: <When at={leaving.remove_at} look="clock" /> });
  }
  facts.push({
    label: t('offBoarding.exported'),
    value: leaving.exported_at === null ? t('offBoarding.notExported') : <When at={leaving.exported_at} />,
  });
  return <Facts facts={facts} />;
}
