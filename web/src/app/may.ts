import type { Role } from '@tagtrail/shared/api/sign-in.js';
import { useQuery } from '@tanstack/react-query';
import { useApi } from './services.js';

const ranks: Readonly<Record<Role, number>> = { viewer: 0, manager: 1, admin: 2 };

/** Whether who is signed in has at least this role. The server decides; this spares people a refusal. */
export function useMay(least: Role): boolean {
  const api = useApi();
  const { data } = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  return data !== undefined && ranks[data.role] >= ranks[least];
}
