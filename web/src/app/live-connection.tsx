import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { createLiveClient } from '../data/live-client.js';
import { useServices } from './services.js';

/** Keeps the live feed open while the frame of the signed-in pages is on screen. */
export function LiveConnection() {
  const { api, live, clock } = useServices();
  const { data } = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const userId = data?.id;
  useEffect(() => {
    if (userId === undefined) return undefined;
    const client = createLiveClient(live, { url: location.origin, clock });
    client.start();
    return client.stop;
  }, [userId, live, clock]);
  return null;
}
