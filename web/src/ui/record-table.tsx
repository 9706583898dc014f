import { Table, type TableProps } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';

/**
 * A table of records. On a narrow screen each row stands as a block, and every cell but the first, which is its title,
 * says what it is: the words of the head are put beside the cells, for the style to show.
 */
export function RecordTable(props: TableProps) {
  const table = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    if (table.current !== null) labelCells(table.current);
  });
  return <Table horizontalSpacing="md" {...props} ref={table} />;
}

function labelCells(table: HTMLTableElement): void {
  const labels = [...table.querySelectorAll('thead th')].map((head) =>
    head.querySelector('.tt-hidden') === null ? (head.textContent ?? '') : '',
  );
  for (const row of table.querySelectorAll('tbody tr')) {
    [...row.children].forEach((cell, column) => {
      const label = column === 0 ? '' : (labels[column] ?? '');
      if (label !== '' && cell.getAttribute('data-label') !== label) cell.setAttribute('data-label', label);
    });
  }
}
