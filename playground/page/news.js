/** What each event changes in what is known, and what must be drawn because of it. */

import { alertBox, toast } from "./toasts.js";
import { gist, nameOf } from "./world.js";
import { link, safeAddress } from "./dom.js";

const ACTION_LASTS = 5500;
const SPOKEN = 6;

export class News {
  constructor(app) {
    this.app = app;
    this.doing = new Map();
  }

  /** Take one event; kinds that the page does not know change nothing. */
  take(event) {
    TAKEN[event.type]?.(this, event);
  }

  /** What the bot is doing in the open chat, if anything. */
  actionIn(chat) {
    return this.doing.get(chat)?.action ?? null;
  }

  act(chat, action) {
    this.rest(chat);
    const over = setTimeout(() => (this.rest(chat), this.app.frame.refresh()), ACTION_LASTS);
    this.doing.set(chat, { action, over });
    this.app.frame.refresh();
  }

  rest(chat) {
    clearTimeout(this.doing.get(chat)?.over);
    this.doing.delete(chat);
  }

  message({ message }) {
    const { app } = this;
    const { world } = app;
    const chat = message.chat.id;
    const here = chat === world.place.chat;
    const theirs = !world.mine(message);
    const fresh = world.keep(chat, [message]);
    if (message.from?.is_bot) {
      this.rest(chat);
      app.drafts.settle(message);
    }
    if (here) this.show(message, theirs && fresh);
    else if (theirs && fresh && world.sees(world.me, world.chats.get(chat) ?? {}))
      world.unread.set(chat, (world.unread.get(chat) ?? 0) + 1);
    app.refreshSoon();
  }

  show(message, isNews) {
    const { app } = this;
    const settled = app.drafts.of(app.world.place).length < app.view.drafts.childElementCount;
    app.view.refreshDrafts(app.drafts.of(app.world.place));
    app.view.refresh({ settled });
    app.frame.refreshStop();
    if (!isNews) return;
    app.view.arrived();
    this.announce(message);
  }

  announce(message) {
    const said = document.createElement("p");
    said.textContent = `${nameOf(message.from)}: ${gist(message)}`;
    const { announcer } = this.app.parts;
    announcer.append(said);
    while (announcer.childElementCount > SPOKEN) announcer.firstElementChild.remove();
  }

  changed(chat) {
    if (chat === this.app.world.place.chat) this.app.view.refresh();
    this.app.refreshSoon();
  }
}

const TAKEN = {
  message: (news, event) => news.message(event),
  edit: (news, { message }) => {
    news.app.world.keep(message.chat.id, [message]);
    news.changed(message.chat.id);
  },
  delete: (news, { chat_id: chat, message_id: number }) => {
    news.app.world.drop(chat, number);
    news.changed(chat);
  },
  draft: (news, event) => {
    news.rest(event.chat_id);
    news.app.drafts.show(event);
    news.app.frame.refresh();
  },
  draft_end: (news, event) => news.app.drafts.end(event),
  action: (news, { chat_id: chat, action }) => news.act(chat, action),
  reaction: (news, event) => {
    const others = (news.app.world.message(event.chat_id, event.message_id)?.reactions ?? []).filter(
      ({ user_id: who }) => who !== event.user_id,
    );
    const own = event.reaction.map((reaction) => ({ ...reaction, user_id: event.user_id }));
    news.app.world.change(event.chat_id, event.message_id, { reactions: [...others, ...own] });
    news.changed(event.chat_id);
  },
  callback_answer: (news, event) => {
    if (!news.app.acts.answered(event.callback_query_id)) return;
    if (event.text && event.show_alert) alertBox(event.text);
    else if (event.text) toast(event.text);
    if (event.url && safeAddress(event.url)) toast(link(event.url, event.url));
  },
  inline_results: (news, event) => news.app.composer.inlineResults(event.results ?? []),
  commands: (news, { commands }) => (news.app.world.bot = { ...news.app.world.bot, commands }),
  chat: (news) => news.app.reloadSoon(),
};
