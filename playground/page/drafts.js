/** Answers that are still being written: one bubble each, that moves until the message takes its place. */

import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { drawText } from "./entities.js";
import { Freshness } from "./fresh.js";
import { drawRich } from "./rich.js";
import { say } from "./words.js";

const LINGER = 1500;

/** The drafts of all chats, by chat and number. */
export class Drafts {
  #all = new Map();

  /** `changed()` is called when the list must be drawn anew. */
  constructor(changed) {
    this.changed = changed;
  }

  /** Take a new frame. */
  show(frame) {
    const key = `${frame.chat_id}/${frame.draft_id}`;
    const known = this.#all.get(key) ?? { freshness: new Freshness(), node: null };
    clearTimeout(known.leaving);
    this.#all.set(key, { ...known, frame, drawn: false });
    this.changed();
  }

  /** A draft is over; where a message is to take its place, it waits for it, so that nothing jumps. */
  end({ chat_id: chat, draft_id: number, reason }) {
    const key = `${chat}/${number}`;
    const draft = this.#all.get(key);
    if (!draft) return;
    if (reason === "message" || reason === "stopped")
      draft.leaving = setTimeout(() => this.#drop(key), LINGER);
    else this.#drop(key);
    draft.frame = { ...draft.frame, can_stop: false };
    this.changed();
  }

  /** The reader pressed stop: the button goes at once, the words stay until the bot has answered. */
  stopped(chat, number) {
    const draft = this.#all.get(`${chat}/${number}`);
    if (draft) draft.frame = { ...draft.frame, can_stop: false };
    this.changed();
  }

  /** A message of the bot has come: it stands for the drafts of its place. */
  settle(message) {
    for (const [key, { frame }] of this.#all) {
      const here =
        frame.chat_id === message.chat.id &&
        (frame.message_thread_id ?? null) === (message.message_thread_id ?? null);
      if (here) this.#drop(key, false);
    }
  }

  #drop(key, tell = true) {
    clearTimeout(this.#all.get(key)?.leaving);
    this.#all.delete(key);
    if (tell) this.changed();
  }

  /** The drafts of one place, oldest first. */
  of({ chat, topic }) {
    const here = (frame) =>
      frame.chat_id === chat && (topic === null || (frame.message_thread_id ?? 1) === topic);
    return [...this.#all.values()].filter(({ frame }) => here(frame));
  }

  /** The draft of a place that can be stopped, if there is one. */
  stoppable(place) {
    return this.of(place).find(({ frame }) => frame.can_stop)?.frame ?? null;
  }

  /** Forget all of them. */
  clear() {
    for (const key of [...this.#all.keys()]) this.#drop(key, false);
  }
}

/** Draw a draft; the same row is used again for each of its frames. */
export function drawDraft(draft, world) {
  draft.node ??= el(
    "div",
    { class: "row draft first last" },
    world.chat?.type !== "private" ? avatar(world.bot, world) : null,
    el("div", { class: "stack" }, el("div", { class: "bubble" })),
  );
  if (draft.drawn) return draft.node;
  draft.drawn = true;
  const bubble = draft.node.querySelector(".bubble");
  const content = contentOf(draft.frame);
  bubble.classList.toggle("wide", Boolean(draft.frame.rich_message));
  bubble.replaceChildren(content ?? thinking());
  if (content) draft.freshness.dress(content);
  return draft.node;
}

function contentOf(frame) {
  if (frame.rich_message) {
    const rich = drawRich(frame.rich_message);
    return rich.childElementCount ? rich : null;
  }
  return frame.text ? el("div", { class: "words", dir: "auto" }, drawText(frame.text, frame.entities)) : null;
}

const thinking = () =>
  el(
    "div",
    { class: "thinking" },
    el("span", { class: "ember", "aria-hidden": "true" }),
    el("span", {}, say("thinking")),
    dots(),
  );

/** Three dots that breathe. */
export const dots = () => el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
