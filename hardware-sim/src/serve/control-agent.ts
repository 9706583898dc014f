import { AppError } from '@tagtrail/shared/error.js';
import { kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { AgentView } from '@tagtrail/shared/simulator/control-protocol.js';

/** A part of `fetch`, so that tests need no network. */
export type AskAgent = (url: string, init: { signal: AbortSignal }) => Promise<{ json(): Promise<unknown> }>;

const answerWithinMs = 2_000;

/** Asks the agent in front of this cabinet what it makes of it, so that a page needs no other address than ours. */
export function createAgentView(kiosk: string | undefined, ask: AskAgent = fetch): () => Promise<AgentView> {
  return async () => {
    if (kiosk === undefined) {
      throw new AppError(
        'agent.unknown',
        'The simulator was not told where the agent shows its screen. Start it with --kiosk http://127.0.0.1:PORT.',
        { kind: 'operator' },
      );
    }
    try {
      const answer = await ask(`${kiosk}/api/state`, { signal: AbortSignal.timeout(answerWithinMs) });
      const parsed = kioskState.safeParse(await answer.json());
      return { kiosk, state: parsed.success ? parsed.data : null };
    } catch {
      return { kiosk, state: null };
    }
  };
}
