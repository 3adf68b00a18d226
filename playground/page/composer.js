/** Where one writes: text, files, voice, replies, edits, commands. */

import * as api from "./api.js";
import { Attachments } from "./attachments.js";
import { commandsFor } from "./commands.js";
import { icon } from "./dom.js";
import { drawReplyKeys, replyKeyboardOf } from "./keyboards.js";
import { Suggestions } from "./suggestions.js";
import { toast } from "./toasts.js";
import { VoiceNote } from "./voice_note.js";
import { say } from "./words.js";
import { gist, nameOf } from "./world.js";

const INLINE_WAIT = 250;

export class Composer {
  #mode = { kind: "write" };
  #drafts = new Map();
  #asking = 0;

  /** `parts` are nodes by name; `sent()` is called when the person sent something. */
  constructor(parts, { world, sent }) {
    Object.assign(this, { parts, world, sent });
    this.field = parts.field;
    this.suggestions = new Suggestions(parts.suggestions, this.field);
    this.attachments = new Attachments(
      { tray: parts.tray, list: parts.listFiles, asFiles: parts.asFiles },
      () => this.#showKeys(),
    );
    this.voice = new VoiceNote(parts, {
      send: (note) => this.#try(() => this.#sendVoice(note)),
      changed: () => this.#showKeys(),
    });
    this.#listen();
    this.#showKeys();
  }

  #listen() {
    const { parts, field } = this;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("paste", (event) => this.#pasted(event));
    parts.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    parts.attach.addEventListener("click", () => parts.picker.click());
    parts.picker.addEventListener(
      "change",
      () => (this.attach(parts.picker.files), (parts.picker.value = "")),
    );
    parts.slash.addEventListener("click", () => this.write("/"));
    parts.modeClose.addEventListener("click", () => this.#leaveMode());
    parts.keyboardToggle.addEventListener("click", () => (parts.keyboard.hidden = !parts.keyboard.hidden));
  }

  /** Go to another place: what was begun there is there again. */
  enter(before) {
    if (before) this.#drafts.set(before, this.field.value);
    this.#leaveMode();
    this.field.value = this.#drafts.get(this.here) ?? "";
    this.attachments.clear();
    this.voice.cancel();
    this.field.setAttribute("placeholder", say("write"));
    this.field.setAttribute("aria-label", say("write"));
    this.refreshKeyboard();
    this.#typed();
  }

  /** The place that is written in, to find what was begun there. */
  get here() {
    return `${this.world.me}/${this.world.place.chat}/${this.world.place.topic}`;
  }

  /** Put words into the field and let the person go on. */
  write(words) {
    this.field.value = words;
    this.field.focus();
    this.#typed();
  }

  /** Add files to the next message. */
  attach(files) {
    this.attachments.add(files);
    this.field.focus();
  }

  /** Answer one message. */
  reply(message) {
    this.#enterMode({ kind: "reply", message }, say("replyTo", { name: nameOf(message.from) }));
  }

  /** Change one of one's own messages. */
  edit(message) {
    this.#enterMode({ kind: "edit", message }, say("editing"));
    this.write(message.text ?? message.caption ?? "");
  }

  /** Show the keyboard that the bot offers, if there is one. */
  refreshKeyboard() {
    const markup = replyKeyboardOf(this.world.shown);
    const id = markup?.message_id ?? null;
    this.parts.keyboardToggle.hidden = !markup;
    if (id === this.keyboardId) return;
    this.keyboardId = id;
    this.parts.keyboard.hidden = !markup;
    this.parts.keyboard.replaceChildren(
      ...(markup ? drawReplyKeys(markup, (key) => this.#replyKey(key, markup)) : []),
    );
    this.field.setAttribute("placeholder", markup?.input_field_placeholder ?? say("write"));
  }

  /** Show what the bot found for an inline query. */
  inlineResults(results) {
    if (!this.#inlineQuery()) return;
    this.suggestions.show(
      results.map((result) => ({
        title: result.title ?? result.type,
        words: result.description,
        pick: () => this.#sendResult(result),
      })),
    );
  }

  /** Send what is in the composer. */
  async submit() {
    const text = this.field.value.trim();
    if (!text && !this.attachments.count) return;
    await this.#try(() => this.#submitText(text));
  }

  async #submitText(text) {
    const mode = this.#mode;
    this.field.value = "";
    this.#typed();
    try {
      if (mode.kind === "edit") await api.edit(this.world.address, mode.message.message_id, text);
      else if (this.attachments.count) await this.attachments.send(this.#message(mode), text);
      else await api.send({ ...this.#message(mode), text });
    } catch (error) {
      this.write(text);
      throw error;
    }
    this.attachments.clear();
    this.#leaveMode();
  }

  #message(mode = this.#mode) {
    const { topic } = this.world.place;
    const reply = mode.kind === "reply" ? { reply_to_message_id: mode.message.message_id } : {};
    return { ...this.world.address, ...(topic === null ? {} : { message_thread_id: topic }), ...reply };
  }

  async #sendVoice({ file, seconds }) {
    await api.sendFile({ ...this.#message(), duration: seconds }, "voice", file, "");
    this.#leaveMode();
  }

  /** Send words that were pressed, not written: a command, a key. */
  say(text) {
    return this.#try(() => api.send({ ...this.#message(), text }));
  }

  async #replyKey(key, markup) {
    const me = this.world.person;
    if (key.request_contact)
      await this.#try(() =>
        api.send({
          ...this.#message(),
          contact: { phone_number: "+10000000000", first_name: me.first_name, user_id: me.id },
        }),
      );
    else if (key.request_location)
      await this.#try(() =>
        api.send({ ...this.#message(), location: { latitude: 50.4501, longitude: 30.5234 } }),
      );
    else await this.say(key.text);
    if (markup.one_time_keyboard) this.parts.keyboard.hidden = true;
  }

  #sendResult(result) {
    this.field.value = "";
    this.#typed();
    const content = result.input_message_content ?? {};
    return this.say(content.message_text ?? content.rich_message?.markdown ?? result.title ?? "…");
  }

  async #try(act) {
    try {
      await act();
      this.sent();
    } catch (error) {
      toast(say("notSent", { why: error.message }), "trouble");
    }
  }

  #typed() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    this.#showKeys();
    this.#suggest();
  }

  #suggest() {
    const { value } = this.field;
    if (/^\/\w*$/.test(value))
      return this.suggestions.show(
        commandsFor(this.world, value.slice(1)).map((command) => this.#commandItem(command)),
      );
    this.suggestions.close();
    const query = this.#inlineQuery();
    clearTimeout(this.#asking);
    if (query)
      this.#asking = setTimeout(() => api.inline(this.world.me, query.words).catch(() => {}), INLINE_WAIT);
  }

  #commandItem({ command, description }) {
    return { title: `/${command}`, words: description, pick: () => this.write(`/${command} `) };
  }

  #inlineQuery() {
    const [, name, words] = /^@(\w+)\s([\s\S]*)$/.exec(this.field.value) ?? [];
    return name?.toLowerCase() === this.world.bot.username?.toLowerCase() ? { words } : null;
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.suggestions.chosen === this.field.value) this.suggestions.close();
    if (this.suggestions.takes(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.field.value) this.#editLatest(event);
    else if (event.key === "Escape" && this.#mode.kind !== "write") {
      event.stopPropagation();
      this.#leaveMode();
    }
  }

  #editLatest(event) {
    const latest = this.world.shown.findLast(
      (message) => this.world.mine(message) && message.text !== undefined,
    );
    if (!latest) return;
    event.preventDefault();
    this.edit(latest);
  }

  #pasted(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    this.attach(event.clipboardData.files);
  }

  #enterMode(mode, title) {
    this.#mode = mode;
    this.parts.mode.hidden = false;
    this.parts.modeIcon.replaceChildren(icon(mode.kind));
    this.parts.modeTitle.textContent = title;
    this.parts.modeWords.textContent = gist(mode.message);
    this.field.focus();
  }

  #leaveMode() {
    if (this.#mode.kind === "edit") this.field.value = "";
    this.#mode = { kind: "write" };
    this.parts.mode.hidden = true;
    this.#showKeys();
  }

  #showKeys() {
    const something = Boolean(this.field.value.trim() || this.attachments?.count);
    this.parts.send.hidden = !something || this.voice?.recording;
    this.parts.record.hidden = something || this.voice?.recording;
    this.parts.slash.hidden = Boolean(this.field.value);
  }
}
