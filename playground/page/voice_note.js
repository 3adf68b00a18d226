/** The composer's recording mode: begin, watch, then send or throw away. */

import { Recorder } from "./recorder.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

export class VoiceNote {
  /** `send(note)` gets the recording; `changed()` is called when the mode begins or ends. */
  constructor(parts, { send, changed }) {
    Object.assign(this, { parts, send, changed });
    this.recorder = new Recorder({ time: parts.recordTime, level: parts.recordLevel });
    parts.record.addEventListener("click", () => this.begin());
    parts.recordCancel.addEventListener("click", () => this.cancel());
    parts.recordSend.addEventListener("click", () => this.finish());
    parts.recording.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && (event.stopPropagation(), this.cancel()),
    );
  }

  get recording() {
    return !this.parts.recording.hidden;
  }

  async begin() {
    try {
      await this.recorder.start();
      this.#show(true);
      this.parts.recordSend.focus();
    } catch {
      toast(say("noMicrophone"), "trouble");
    }
  }

  async finish() {
    if (!this.recorder.running) return;
    const note = await this.recorder.finish();
    this.#show(false);
    this.send(note);
  }

  cancel() {
    if (!this.recording) return;
    this.recorder.cancel();
    this.#show(false);
    this.parts.field.focus();
  }

  #show(on) {
    this.parts.recording.hidden = !on;
    this.parts.writing.hidden = on;
    this.changed();
  }
}
