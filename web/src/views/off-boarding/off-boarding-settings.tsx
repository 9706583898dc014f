import { Button, Group, List, Stack } from '@mantine/core';
import { IconDownload, IconHourglass, IconX } from '@tabler/icons-react';
import type { OffBoardingView } from '@tagtrail/shared/api/off-boarding.js';
import type { Me } from '@tagtrail/shared/api/sign-in.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { Badge } from '../../ui/badge.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { Section } from '../../ui/section.js';
import { ApproveDialog } from './approve-dialog.js';
import { AskDialog } from './ask-dialog.js';
import { LeavingFacts, LeavingNotice } from './leaving-notice.js';

const open: ReadonlySet<OffBoardingView['status']> = new Set(['waiting', 'agreed', 'closing']);

/** The end of the contract: what it means, how far it has come, what stands in its way, and the way back. */
export function OffBoardingSettings() {
  const api = useApi();
  const me = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const answer = useQuery({ queryKey: ['off-boarding'], queryFn: api.offBoarding });
  if (me.isPending || answer.isPending) return <RowsSkeleton />;
  if (me.isError) return <ErrorState error={me.error} retry={() => void me.refetch()} />;
  if (answer.isError) return <ErrorState error={answer.error} retry={() => void answer.refetch()} />;
  const leaving = answer.data.off_boarding;
  return leaving !== null && open.has(leaving.status) ? (
    <Leaving me={me.data} leaving={leaving} />
  ) : (
    <Staying me={me.data} before={leaving} />
  );
}

const steps = ['ask', 'export', 'agree', 'close', 'remove'] as const;

function Staying({ me, before }: { me: Me; before: OffBoardingView | null }) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const customer = me.tenant.name ?? '';
  return (
    <Section
      title={t('offBoarding.title')}
      lead={t('offBoarding.lead', { customer })}
      testId="off-boarding"
      {...(me.sites === null && {
        actions: (
          <Button color="red" variant="outline" size="xs" onClick={() => setIsAsking(true)} data-testid="ask-leaving">
            {t('offBoarding.ask')}
          </Button>
        ),
      })}
    >
      <Stack px="md" pb="sm">
        {me.sites !== null && <span className="tt-soft">{t('offBoarding.seesSome')}</span>}
        <div>
          <strong>{t('offBoarding.steps')}</strong>
          <List type="ordered" size="sm" spacing={4}>
            {steps.map((step) => (
              <List.Item key={step}>{t(`offBoarding.step.${step}`)}</List.Item>
            ))}
          </List>
        </div>
        {before !== null && (
          <div data-testid="leaving-before" data-status={before.status}>
            <Group gap="xs">
              <strong>{t('offBoarding.before')}</strong>
              <Badge
                tone="mute"
                icon={before.status === 'expired' ? IconHourglass : IconX}
                label={t(`offBoarding.status.${before.status}`)}
              />
              {t('offBoarding.stays')}
            </Group>
            <LeavingFacts leaving={before} />
          </div>
        )}
      </Stack>
      {isAsking && <AskDialog customer={customer} onClose={() => setIsAsking(false)} />}
    </Section>
  );
}

function Leaving({ me, leaving }: { me: Me; leaving: OffBoardingView }) {
  const { t } = useTranslation();
  const customer = me.tenant.name ?? '';
  return (
    <Section title={t('offBoarding.title')} testId="off-boarding">
      <Stack px="md" pb="sm" data-testid="leaving" data-status={leaving.status}>
        <LeavingNotice customer={customer} leaving={leaving} />
        <LeavingFacts leaving={leaving} />
        {me.sites === null ? (
          leaving.status !== 'closing' && (
            <Decisions customer={customer} leaving={leaving} isOwn={leaving.asked_by.id === me.id} />
          )
        ) : (
          <span className="tt-soft">{t('offBoarding.seesSome')}</span>
        )}
      </Stack>
    </Section>
  );
}

interface DecisionsProps {
  readonly customer: string;
  readonly leaving: OffBoardingView;
  readonly isOwn: boolean;
}

function Decisions({ customer, leaving, isOwn }: DecisionsProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [asks, setAsks] = useState<'approve' | 'stop' | null>(null);
  const isWaiting = leaving.status === 'waiting';
  const stop = isWaiting ? (isOwn ? 'withdraw' : 'reject') : 'cancel';
  return (
    <>
      {isWaiting && isOwn && <span className="tt-soft">{t('offBoarding.yourOwn')}</span>}
      <Group gap="sm">
        <Button
          component="a"
          href="/v1/trail/export"
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          data-testid="leaving-export"
        >
          {t('offBoarding.export')}
        </Button>
        <Button variant={isWaiting ? 'default' : 'filled'} onClick={() => setAsks('stop')} data-testid="stop-leaving">
          {t(`offBoarding.${stop}`)}
        </Button>
        {isWaiting && !isOwn && (
          <Button
            color="red"
            disabled={leaving.holds > 0}
            onClick={() => setAsks('approve')}
            data-testid="approve-leaving"
          >
            {t('offBoarding.approve')}
          </Button>
        )}
      </Group>
      {asks === 'approve' && <ApproveDialog customer={customer} leaving={leaving} onClose={() => setAsks(null)} />}
      {asks === 'stop' && (
        <DecisionDialog
          title={t(`offBoarding.${stop}Title`)}
          text={t('offBoarding.stopText')}
          confirm={t(`offBoarding.${stop}`)}
          decide={() => api.stopOffBoarding()}
          touches={['off-boarding']}
          onClose={() => setAsks(null)}
        />
      )}
    </>
  );
}
