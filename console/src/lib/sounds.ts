/** Short tones for what a trader should not miss; nothing is loaded, and nothing sounds by default. */

export type Sound = "trade" | "refused" | "lost";

/** Hertz of each tone, one after another. */
const TONES: Record<Sound, number[]> = {
  trade: [660, 880],
  refused: [330, 220],
  lost: [220, 220, 220],
};
const LENGTH = 0.12;
let context: AudioContext | null = null;

/** Play a sound; a browser lets a page sound after its user has clicked somewhere in it. */
export function play(sound: Sound): void {
  context ??= new AudioContext();
  const begin = context.currentTime;
  for (const [place, tone] of TONES[sound].entries()) {
    const [wave, gain] = [context.createOscillator(), context.createGain()];
    wave.frequency.value = tone;
    gain.gain.value = 0.1;
    wave.connect(gain).connect(context.destination);
    wave.start(begin + place * LENGTH);
    wave.stop(begin + (place + 1) * LENGTH);
  }
}
