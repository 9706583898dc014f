import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { describeParts, type SentencePart } from '@tagtrail/shared/events/describe.js';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../text/text.js';
import { lookOfEntry } from './entry-look.js';
import { When } from './when.js';

/** One line of the trail in plain words; the names in it open their pages. */
export const TrailLine = memo(function TrailLine({ entry, children }: { entry: EntryView; children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  const look = lookOfEntry(entry);
  const Glyph = look.icon;
  return (
    <li
      className="tt-line"
      data-testid="trail-line"
      data-entry-index={entry.index}
      data-kind={entry.kind}
      data-asset={entry.asset?.id}
      data-person={entry.actor?.id}
      data-counterpart={entry.counterpart?.id}
      data-cabinet={entry.cabinet?.id}
      data-weight={look.weight}
    >
      <span className="tt-line-icon" data-tone={look.tone}>
        <Glyph size={15} stroke={2} aria-hidden />
      </span>
      <div className="tt-line-body">
        <p>
          {describeParts(entry, languageOf(i18n)).map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a sentence have no identity but their place.
            <Part key={`${at}:${part.text}`} part={part} />
          ))}
        </p>
        <p className="tt-line-meta">
          <When at={entry.time} />
          {entry.site !== null && <span>{entry.site.name}</span>}
          {entry.late && <span className="tt-late">{t('timeline.late', { time: lateness(entry) })}</span>}
          {entry.session !== null && leadsToVisit.has(entry.kind) && (
            <Link to="/sessions/$sessionId" params={{ sessionId: entry.session }} className="tt-visit">
              {t('asset.seeSession')}
            </Link>
          )}
          <span className="tt-index" title={t('timeline.line', { index: entry.index })}>
            #{entry.index}
          </span>
        </p>
        {children}
      </div>
    </li>
  );
});

/** One link to a visit is enough for its many lines. */
const leadsToVisit = new Set(['asset.checked_out', 'asset.returned', 'session.closed']);

function lateness(entry: EntryView): string {
  const minutes = Math.round((Date.parse(entry.received_at) - Date.parse(entry.time)) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function Part({ part }: { part: SentencePart }) {
  if (part.of === null) return part.text;
  const id = part.reference.id;
  switch (part.of) {
    case 'asset':
      return (
        <Link to="/assets/$assetId" params={{ assetId: id }}>
          {part.text}
        </Link>
      );
    case 'cabinet':
      return (
        <Link to="/cabinets/$cabinetId" params={{ cabinetId: id }}>
          {part.text}
        </Link>
      );
    case 'actor':
    case 'counterpart':
      // A signed-in user has no page; only people with badges do.
      if (!id.startsWith('person_')) return <strong>{part.text}</strong>;
      return (
        <Link to="/people/$personId" params={{ personId: id }}>
          {part.text}
        </Link>
      );
    default:
      return <strong>{part.text}</strong>;
  }
}
