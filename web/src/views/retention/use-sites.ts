import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/services.js';

/** The sites that this user sees, and their names by id. */
export interface Sites {
  readonly list: readonly { readonly id: string; readonly name: string }[];
  name(id: string): string;
}

export function useSites(): Sites {
  const api = useApi();
  const sites = useQuery({ queryKey: ['sites'], queryFn: api.sites });
  const list = sites.data?.data ?? [];
  return { list, name: (id) => list.find((site) => site.id === id)?.name ?? id };
}
