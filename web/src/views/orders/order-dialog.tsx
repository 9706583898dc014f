import { MultiSelect, TextInput } from '@mantine/core';
import type { Reference } from '@tagtrail/shared/api/common.js';
import type { OrderView } from '@tagtrail/shared/api/order.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import type { OrderDraft } from '../../data/api-rules.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { SearchedMany } from '../../ui/searched.js';

/** Opens an order, or changes for whom an open one is and where it is offered. Nobody chosen means everybody. */
export function OrderDialog({ order, onClose }: { order: OrderView | null; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [number, setNumber] = useState(order?.number ?? '');
  const [title, setTitle] = useState(order?.title ?? '');
  const [people, setPeople] = useState<readonly Reference[]>(order?.people ?? []);
  const [places, setPlaces] = useState<readonly string[]>(order?.cabinets?.map(({ id }) => id) ?? []);
  const cabinets = useQuery({ queryKey: ['cabinets'], queryFn: api.cabinets });
  const draft: OrderDraft = {
    number: number.trim(),
    title: title.trim() === '' ? null : title.trim(),
    people_ids: idsOrAll(people.map(({ id }) => id)),
    cabinet_ids: idsOrAll(places),
  };
  const change = order === null ? null : changeOf(order, draft);
  const save = async (): Promise<void> => {
    if (order === null) await api.openOrder(draft);
    else if (change !== null) await api.changeOrder(order.id, change);
  };
  return (
    <DecisionDialog
      title={order === null ? t('order.new') : t('order.changeOf', { number: order.number })}
      text={t('order.dialogText')}
      confirm={order === null ? t('order.openIt') : t('common.save')}
      decide={draft.number === '' || (order !== null && change === null) ? null : save}
      touches={['orders']}
      onClose={onClose}
    >
      <TextInput
        label={t('order.number')}
        maxLength={60}
        disabled={order !== null}
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        label={t('order.title')}
        maxLength={120}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <SearchedMany
        kind="person"
        label={t('order.people')}
        description={t('order.peopleHelp')}
        value={people}
        onChange={setPeople}
        testId="order-people"
      />
      <MultiSelect
        label={t('order.places')}
        description={t('order.placesHelp')}
        data={(cabinets.data?.data ?? []).map(({ id, name, site }) => ({ value: id, label: `${name} (${site.name})` }))}
        value={[...places]}
        onChange={setPlaces}
        searchable
        hidePickedOptions
        data-testid="order-places"
      />
    </DecisionDialog>
  );
}

function idsOrAll(ids: readonly string[]): string[] | null {
  return ids.length === 0 ? null : [...ids];
}

const isSame = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  JSON.stringify([...(one ?? [])].sort()) === JSON.stringify([...(other ?? [])].sort());

/**
 * What differs, and null when nothing does. What was not touched is not sent: the list shown may lack
 * cabinets of sites that this user does not see.
 */
function changeOf(order: OrderView, { title = null, people_ids = null, cabinet_ids = null }: OrderDraft) {
  const change = {
    ...(title === order.title ? {} : { title }),
    ...(isSame(people_ids, order.people?.map(({ id }) => id) ?? null) ? {} : { people_ids }),
    ...(isSame(cabinet_ids, order.cabinets?.map(({ id }) => id) ?? null) ? {} : { cabinet_ids }),
  };
  return Object.keys(change).length === 0 ? null : change;
}
