import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useServices } from './services.js';

/** Signs out, and forgets all that was shown, whether the server could be told or not. */
export function useSignOut(): () => void {
  const { api, live } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return () => {
    const leave = (): void => {
      live.clear();
      queries.clear();
      void navigate({ to: '/sign-in' });
    };
    api.signOut().then(leave, leave);
  };
}
