/** What the person does to messages: press, answer, change, react, stop. */

import * as api from "./api.js";
import { safeAddress } from "./dom.js";
import { copyText } from "./code_block.js";
import { openPalette } from "./reactions.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";
import { plainWords } from "./rich_words.js";

const PATIENCE = 15000;

export class Acts {
  #waiting = new Map();

  constructor(app) {
    this.app = app;
  }

  reply = (message) => this.app.composer.reply(message);
  edit = (message) => this.app.composer.edit(message);
  show = (messageId) => this.app.view.reveal(messageId);
  command = (words) => this.app.composer.say(words);

  react = (message, beside) => openPalette(beside, (emoji) => this.setReaction(message, emoji));

  setReaction = (message, emoji) =>
    this.#try(() => api.react(this.app.world.address, message.message_id, emoji));

  /** What pressed words and buttons inside a rich message do. */
  rich = (message) => ({
    command: this.command,
    button: (one, key) => this.press(message, { ...one, text: plainWords(one.text) }, key),
  });

  /** Press a key under a message. */
  press = (message, one, key) => {
    if (one.callback_data !== undefined) return this.#call(message, one, key);
    if (one.copy_text) return this.#copy(one.copy_text.text);
    if (one.url) return openAddress(one.url);
    const query =
      one.switch_inline_query_current_chat ??
      one.switch_inline_query ??
      one.switch_inline_query_chosen_chat?.query;
    if (query !== undefined) return this.app.composer.write(`@${this.app.world.bot.username} ${query}`);
    return toast(say("unsupported"));
  };

  async #copy(words) {
    await copyText(words);
    toast(say("copied"));
  }

  async #call(message, one, key) {
    key.classList.add("waiting");
    key.setAttribute("aria-busy", "true");
    const pressed = await this.#try(() =>
      api.press(this.app.world.address, message.message_id, one.callback_data),
    );
    if (!pressed) return rest(key);
    const over = setTimeout(() => this.answered(pressed.callback_query_id), PATIENCE);
    this.#waiting.set(pressed.callback_query_id, { key, over });
    if (this.#early.delete(pressed.callback_query_id)) this.answered(pressed.callback_query_id);
  }

  // A quick bot answers before the press itself is confirmed.
  #early = new Set();

  /** The bot answered a press; true when it was pressed on this page. */
  answered(id) {
    const waiting = this.#waiting.get(id);
    if (!waiting) {
      const asked = document.querySelector(".key.waiting") !== null;
      if (asked) this.#early.add(id);
      return asked;
    }
    clearTimeout(waiting.over);
    rest(waiting.key);
    this.#waiting.delete(id);
    return true;
  }

  /** Stop what the bot is writing here; true when there was something to stop. */
  stop() {
    const { app } = this;
    const frame = app.drafts.stoppable(app.world.place);
    if (!frame) return false;
    app.drafts.stopped(frame.chat_id, frame.draft_id);
    this.#try(() => api.stop(app.world.address, frame.draft_id));
    return true;
  }

  async #try(act) {
    try {
      return await act();
    } catch (error) {
      toast(error.message, "trouble");
      return null;
    }
  }
}

function rest(key) {
  key.classList.remove("waiting");
  key.removeAttribute("aria-busy");
}

function openAddress(address) {
  const safe = safeAddress(address);
  if (safe) window.open(safe, "_blank", "noopener,noreferrer");
}
