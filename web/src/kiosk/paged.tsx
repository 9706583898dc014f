import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Height of a row and of the space under it, as in kiosk-parts.css. */
const rowPx = 96;
const gapPx = 10;
/** Before the first layout, and where nothing is laid out. */
const usualRows = 3;

export interface PagedProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly render: (item: T) => ReactNode;
  readonly columns?: 1 | 2;
  readonly label: string;
}

/** A list that is leafed through, not scrolled: as many rows as fit, two large buttons for the rest. */
export function Paged<T>({ items, keyOf, render, columns = 2, label }: PagedProps<T>) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const rows = useRows(list);
  const [page, setPage] = useState(0);
  const room = Math.max(1, rows * columns);
  const pages = Math.max(1, Math.ceil(items.length / room));
  const shown = Math.min(page, pages - 1);
  return (
    <div className="tk-paged">
      <ul className="tk-list" ref={list} style={{ '--columns': columns } as object} aria-label={label}>
        {items.slice(shown * room, (shown + 1) * room).map((item) => (
          <li key={keyOf(item)} style={{ display: 'contents' }}>
            {render(item)}
          </li>
        ))}
      </ul>
      {pages > 1 && (
        <nav className="tk-pages" aria-label={t('kiosk.pages')}>
          {rows > 1 && <PageButton up disabled={shown === 0} onPress={() => setPage(shown - 1)} />}
          {rows > 2 && <PageOf at={shown + 1} of={pages} />}
          {/* In a single row there is room for one button only, and it goes round. */}
          <PageButton
            up={false}
            disabled={rows > 1 && shown === pages - 1}
            onPress={() => setPage((shown + 1) % pages)}
            note={rows > 2 ? null : <PageOf at={shown + 1} of={pages} />}
          />
        </nav>
      )}
    </div>
  );
}

function PageOf({ at, of }: { at: number; of: number }) {
  return (
    <span data-testid="kiosk-page">
      {at}/{of}
    </span>
  );
}

function PageButton(props: {
  readonly up: boolean;
  readonly disabled: boolean;
  readonly onPress: () => void;
  readonly note?: ReactNode;
}) {
  const { up, disabled, onPress, note } = props;
  const { t } = useTranslation();
  const Glyph = up ? IconChevronUp : IconChevronDown;
  return (
    <button
      type="button"
      className="tk-button"
      data-testid={up ? 'kiosk-page-up' : 'kiosk-page-down'}
      aria-label={up ? t('kiosk.pageUp') : t('kiosk.pageDown')}
      disabled={disabled}
      onClick={onPress}
    >
      <Glyph size={note == null ? 48 : 40} stroke={2.4} aria-hidden />
      {note}
    </button>
  );
}

function useRows(list: { readonly current: HTMLElement | null }): number {
  const [rows, setRows] = useState(usualRows);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || typeof ResizeObserver === 'undefined') return;
    const measure = (): void => {
      const heightPx = element.clientHeight;
      if (heightPx > 0) setRows(Math.max(1, Math.floor((heightPx + gapPx) / (rowPx + gapPx))));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [list]);
  return rows;
}
