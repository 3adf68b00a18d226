/** Records a voice message, and shows how long and how loud it is. */

import { clock } from "./player.js";

// Ogg first: it is what a messenger sends; the others are what browsers can do.
const FORMATS = [
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
];

export class Recorder {
  #stream = null;
  #recorder = null;
  #pieces = [];
  #sound = null;
  #began = 0;

  /** `time` shows the clock, `level` the loudness. */
  constructor({ time, level }) {
    Object.assign(this, { time, level });
  }

  get running() {
    return this.#recorder !== null;
  }

  /** Begin; fails when there is no microphone or it may not be used. */
  async start() {
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [mimeType] = FORMATS.find(([format]) => MediaRecorder.isTypeSupported(format)) ?? [];
    this.#pieces = [];
    this.#recorder = new MediaRecorder(this.#stream, mimeType ? { mimeType } : {});
    this.#recorder.addEventListener("dataavailable", (event) => this.#pieces.push(event.data));
    this.#recorder.start();
    this.#began = performance.now();
    this.#listen();
  }

  /** End, and give what was recorded as a file. */
  async finish() {
    const recorder = this.#recorder;
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
    recorder.stop();
    await stopped;
    const ending =
      FORMATS.find(([format]) => recorder.mimeType.startsWith(format.split(";")[0]))?.[1] ?? "webm";
    const file = new File(this.#pieces, `voice.${ending}`, { type: recorder.mimeType.split(";")[0] });
    const seconds = Math.max(1, Math.round((performance.now() - this.#began) / 1000));
    this.#release();
    return { file, seconds };
  }

  /** End, and keep nothing. */
  cancel() {
    this.#recorder?.stop();
    this.#release();
  }

  #listen() {
    this.#sound = new AudioContext();
    const meter = this.#sound.createAnalyser();
    this.#sound.createMediaStreamSource(this.#stream).connect(meter);
    const samples = new Uint8Array(meter.fftSize);
    const look = () => {
      if (!this.running) return;
      meter.getByteTimeDomainData(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0) / 128;
      this.level.style.transform = `scaleX(${Math.max(0.02, Math.min(1, peak * 1.6))})`;
      this.time.textContent = clock((performance.now() - this.#began) / 1000);
      requestAnimationFrame(look);
    };
    look();
  }

  #release() {
    this.#recorder = null;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#sound?.close();
    this.#sound = null;
  }
}
