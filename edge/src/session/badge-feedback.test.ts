import { describe, expect, it } from 'vitest';
import { badgeFeedback } from './badge-feedback.js';
import type { CabinetSession, Phase } from './session-state.js';

const idle: Phase = { kind: 'idle', watching: null };
const refused = (): Phase => ({ kind: 'refused', refusal: 'unknown', person: null });
const session = {} as CabinetSession;

describe('badgeFeedback', () => {
  it('refuses each time anew', () => {
    const first = refused();
    expect(badgeFeedback(idle, first)).toBe('refused');
    expect(badgeFeedback(first, first)).toBeNull();
    expect(badgeFeedback(first, refused())).toBe('refused');
  });
  it('accepts who may open, and the first of two', () => {
    expect(badgeFeedback(idle, { kind: 'authorising', session })).toBe('accepted');
    expect(badgeFeedback(refused(), { kind: 'witness', session })).toBe('accepted');
    expect(badgeFeedback({ kind: 'witness', session }, { kind: 'authorising', session })).toBe('accepted');
  });
  it('says nothing when a session goes on', () => {
    expect(badgeFeedback({ kind: 'open', session, leftOpenAfterMs: 1 }, { kind: 'settling', session })).toBeNull();
    expect(badgeFeedback(refused(), idle)).toBeNull();
  });
});
