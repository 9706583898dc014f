import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { SessionView } from '@tagtrail/shared/api/session.js';
import { certainty, evidence } from '@tagtrail/shared/events/trace-event.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useApi } from '../app/services.js';
import { OutcomeBadge } from '../ui/badge.js';
import { Detail } from '../ui/detail.js';
import { EpcCode } from '../ui/epc-code.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { CabinetLink, PersonLink } from '../ui/references.js';
import { TrailLine } from '../ui/trail-line.js';
import { When } from '../ui/when.js';

/** One visit to a cabinet, with what the reads say about each line. */
export function SessionPage() {
  const { sessionId } = useParams({ from: '/inside/sessions/$sessionId' });
  const api = useApi();
  const found = useQuery({ queryKey: ['session', sessionId], queryFn: () => api.session(sessionId) });
  if (found.isPending) return <RowsSkeleton rows={5} height={80} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return <SessionDetail session={found.data} />;
}

function SessionDetail({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const who = session.person === null ? t('session.unsigned') : (session.person.name ?? t('common.formerColleague'));
  return (
    <div data-testid="session-page" data-session={session.id} data-outcome={session.outcome}>
      <Detail
        up={{
          label: session.cabinet.name ?? t('cabinet.one'),
          link: { to: '/cabinets/$cabinetId', params: { cabinetId: session.cabinet.id } },
        }}
        title={t('session.at', { name: who, cabinet: session.cabinet.name ?? t('cabinet.one') })}
        state={<OutcomeBadge outcome={session.outcome} />}
        asOf={t('session.one')}
        facts={[
          {
            label: t('person.one'),
            value: session.person === null ? t('session.unsigned') : <PersonLink person={session.person} />,
          },
          { label: t('cabinet.one'), value: <CabinetLink cabinet={session.cabinet} /> },
          { label: t('session.opened'), value: <When at={session.opened_at} look="clock" /> },
          {
            label: t('session.closed'),
            value: session.closed_at === null ? t('session.still') : <When at={session.closed_at} look="clock" />,
          },
          { label: t('session.taken'), value: session.taken },
          { label: t('session.returned'), value: session.returned },
          { label: t('session.disputed'), value: session.disputed },
        ]}
      >
        <section className="tt-card">
          <h2 className="tt-section-title">{t('session.lines')}</h2>
          {session.entries.length === 0 ? (
            <EmptyState title={t('timeline.empty')} next={t('timeline.emptyNext')} />
          ) : (
            <ol className="tt-lines">
              {[...session.entries]
                .sort((a, b) => a.index - b.index)
                .map((entry) => (
                  <TrailLine key={entry.index} entry={entry}>
                    <Evidence entry={entry} />
                  </TrailLine>
                ))}
            </ol>
          )}
        </section>
      </Detail>
    </div>
  );
}

const readEvidence = z.object({
  epc: z.string(),
  confidencePct: z.number().optional(),
  certainty: certainty.optional(),
  evidence,
});

/** What a line rests on, in numbers a person can check a dispute with. */
function Evidence({ entry }: { entry: EntryView }) {
  const { t } = useTranslation();
  const parsed = readEvidence.safeParse(entry.data);
  if (!parsed.success) return null;
  const { reads, rounds, antennas, bestRssiDbm } = parsed.data.evidence;
  const facts = [
    parsed.data.confidencePct === undefined ? null : t('session.confidence', { pct: parsed.data.confidencePct }),
    t('session.reads', { reads, rounds }),
    antennas.length === 0
      ? t('session.antennasNone')
      : t('session.antennas', { count: antennas.length, list: antennas.join(', ') }),
    bestRssiDbm === null ? null : t('session.rssi', { rssi: bestRssiDbm }),
    parsed.data.certainty === undefined ? null : t(`session.${parsed.data.certainty}`),
  ].filter((fact) => fact !== null);
  return (
    <p className="tt-evidence" data-testid="evidence" title={t('session.evidence')}>
      {entry.asset === null ? (
        <EpcCode value={parsed.data.epc} />
      ) : (
        <Link to="/assets/$assetId" params={{ assetId: entry.asset.id }} className="tt-mono" title={parsed.data.epc}>
          {parsed.data.epc.slice(-6)}
        </Link>
      )}
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  );
}
