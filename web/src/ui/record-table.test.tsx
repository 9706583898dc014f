// @vitest-environment jsdom
import { Table } from '@mantine/core';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderScreen } from '../../test/render.js';
import { RecordTable } from './record-table.js';

function Tools() {
  const [names, setNames] = useState(['Torque wrench']);
  return (
    <>
      <button type="button" onClick={() => setNames([...names, 'Rivet gun'])}>
        More
      </button>
      <RecordTable>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tool</Table.Th>
            <Table.Th>Holder</Table.Th>
            <Table.Th>
              <span className="tt-hidden">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>Ana</Table.Td>
              <Table.Td>
                <button type="button">Change</button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </RecordTable>
    </>
  );
}

const labels = (): (string | null)[] =>
  [...document.querySelectorAll('tbody td')].map((cell) => cell.getAttribute('data-label'));

afterEach(cleanup);

describe('RecordTable', () => {
  it('gives each cell the word of its column, but not the title of a row or its buttons, in rows that come later too', async () => {
    await renderScreen(<Tools />, { nowMs: 0, answers: {} });
    await screen.findByText('Torque wrench');
    expect(labels()).toEqual([null, 'Holder', null]);
    fireEvent.click(screen.getByText('More'));
    expect(labels()).toEqual([null, 'Holder', null, null, 'Holder', null]);
  });
});
