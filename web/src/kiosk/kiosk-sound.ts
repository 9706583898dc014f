import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';

export type Sound = 'accepted' | 'refused' | 'attention';

/** The sound of a change, if it has one: nobody looks at the screen with a wrench in the hand. */
export function soundOf(before: KioskState | null, after: KioskState): Sound | null {
  if (before === null || before.phase === after.phase) return null;
  switch (after.phase) {
    case 'unlocked':
      return 'accepted';
    case 'refused':
      return 'refused';
    case 'out_of_order':
      return 'attention';
    case 'open':
      return after.person === null ? 'attention' : null;
    case 'receipt':
      return needsAttention(after) ? 'attention' : 'accepted';
    default:
      return null;
  }
}

function needsAttention(state: KioskState): boolean {
  return (
    state.missing.length > 0 ||
    state.lines.some((line) => line.disputed || (line.movement === 'taken' && line.authority !== 'allowed'))
  );
}

/** Notes as [frequency in Hz, start in s, length in s]. Rising is good, falling is not, repeated is a warning. */
const notes: Readonly<Record<Sound, readonly (readonly [number, number, number])[]>> = {
  accepted: [
    [660, 0, 0.1],
    [990, 0.11, 0.2],
  ],
  refused: [
    [330, 0, 0.18],
    [220, 0.2, 0.36],
  ],
  attention: [
    [880, 0, 0.12],
    [880, 0.2, 0.12],
    [880, 0.4, 0.12],
  ],
};

/** Plays through the platform's audio; a machine without sound stays silent. */
export function createSounds(openAudio: () => AudioContext | null): (sound: Sound) => void {
  let audio: AudioContext | null | undefined;
  return (sound) => {
    if (audio === undefined) audio = openAudio();
    if (audio === null) return;
    void audio.resume();
    for (const [frequencyHz, startS, lengthS] of notes[sound]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const from = audio.currentTime + startS;
      tone.type = sound === 'refused' ? 'square' : 'triangle';
      tone.frequency.value = frequencyHz;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.5, from + 0.015);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + lengthS);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + lengthS);
    }
  };
}
