/** The shape of a sound, for the eye. */

const LARGEST = 4 * 1024 * 1024;

/** Read the true shape of a sound; null when it cannot be read here. */
export async function shapeOf(address, count) {
  try {
    const answer = await fetch(address);
    const bytes = await answer.arrayBuffer();
    if (!answer.ok || bytes.byteLength > LARGEST) return null;
    const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(bytes);
    return { seconds: sound.duration, heights: peaks(sound.getChannelData(0), count) };
  } catch {
    return null;
  }
}

function peaks(samples, count) {
  const size = Math.max(1, Math.floor(samples.length / count));
  const found = Array.from({ length: count }, (_, n) => loudness(samples, n * size, size));
  const loudest = Math.max(...found, 0.001);
  return found.map((peak) => Math.sqrt(peak / loudest));
}

function loudness(samples, from, size) {
  let peak = 0;
  for (let n = from; n < Math.min(from + size, samples.length); n += 4)
    peak = Math.max(peak, Math.abs(samples[n]));
  return peak;
}

/** A shape to stand in until the true one is known: always the same for the same sound. */
export function shapeFromSeed(seed, count) {
  let value = [...seed].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 65521, 7);
  return Array.from({ length: count }, (_, n) => {
    value = (value * 75 + 74) % 65537;
    return 0.25 + 0.3 * Math.abs(Math.sin(n / 3.1)) + (0.35 * value) / 65537;
  });
}
