import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';

export type Sound = 'accepted' | 'refused' | 'attention';

/** The sound of a change, if it has one: nobody looks at the screen with a wrench in the hand. */
export function soundOf(before: KioskState | null, after: KioskState): Sound | null {
  if (before === null) return null;
  if (before.phase !== after.phase) return soundOfPhase(after);
  // Within one phase only what has just become true is heard.
  if (isAlarming(after) && !isAlarming(before)) return 'attention';
  return soundOfDesk(before, after);
}

function soundOfPhase(state: KioskState): Sound | null {
  switch (state.phase) {
    case 'unlocked':
      return (state.desk?.warnings.length ?? 0) > 0 ? 'attention' : 'accepted';
    case 'refused':
      return 'refused';
    case 'return_offer':
      return isOutOfOrder(state.desk?.returnOnly?.why) ? 'attention' : 'refused';
    case 'witness':
    case 'hand_over':
    case 'out_of_order':
      return 'attention';
    case 'open':
      return isAlarming(state) ? 'attention' : null;
    case 'receipt':
      return needsAttention(state) ? 'attention' : 'accepted';
    default:
      return null;
  }
}

/** The cabinet's own fault, and not the badge's. */
function isOutOfOrder(why: string | undefined): boolean {
  return why === 'reader_out_of_order' || why === 'disk_out_of_order';
}

/** What somebody has to end: a forbidden take, a door left open, a door open without a badge. */
function isAlarming(state: KioskState): boolean {
  if (state.desk?.alarm === true) return true;
  return state.phase === 'open' && (state.doorLeftOpen === true || state.person === null);
}

/** The outcomes that are waited for: of a dispute, of a hand-over, of a second badge. */
function soundOfDesk(before: KioskState, after: KioskState): Sound | null {
  const was = before.desk;
  const now = after.desk;
  if (now?.dispute != null && now.dispute.stage !== was?.dispute?.stage) {
    if (now.dispute.stage === 'corrected') return 'accepted';
    return now.dispute.stage === 'stays_disputed' ? 'attention' : null;
  }
  if (now?.handOver != null && now.handOver.to !== null && was?.handOver?.to == null) return 'accepted';
  if (now?.handOver?.refused != null && was?.handOver?.refused == null) return 'refused';
  if (now?.witness?.confirmedBy != null && was?.witness?.confirmedBy == null) return 'accepted';
  if (now?.orders?.decided === true && was?.orders?.decided === false) return 'accepted';
  return null;
}

function needsAttention(state: KioskState): boolean {
  return (
    state.uncounted === true ||
    state.missing.length > 0 ||
    (state.desk?.kits.length ?? 0) > 0 ||
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
