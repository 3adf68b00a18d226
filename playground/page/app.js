/** Puts the page together: what is known, what is shown, what is heard, what is done. */

import { Acts } from "./acts.js";
import * as api from "./api.js";
import { ChatView } from "./chat_view.js";
import { Composer } from "./composer.js";
import { Drafts } from "./drafts.js";
import { Frame } from "./frame.js";
import { Hearing } from "./hearing.js";
import { News } from "./news.js";
import { askGroup, askPerson } from "./dialogs.js";
import { partsOf } from "./parts.js";
import { recall, remember } from "./whereabouts.js";
import { Sidebar } from "./sidebar.js";
import { toast } from "./toasts.js";
import { speak } from "./words.js";
import { World } from "./world.js";

const PAGE = 60;
const WATCH = 2500;

class App {
  #complete = new Set();
  #loading = false;
  #frame = 0;
  #reload = 0;

  constructor() {
    this.world = new World();
    this.parts = partsOf(document);
    this.drafts = new Drafts(() => this.refreshDrafts());
    this.acts = new Acts(this);
    this.view = new ChatView(this.parts, { world: this.world, act: this.acts, older: () => this.older() });
    this.composer = new Composer(this.parts, { world: this.world, sent: () => this.view.toLatest() });
    this.frame = new Frame(this.parts, this);
    this.sidebar = new Sidebar(this.parts, { world: this.world, act: this.#sidebarActs() });
    this.news = new News(this);
    this.hearing = new Hearing({
      onevent: (event) => this.news.take(event),
      onlost: () => this.frame.lost(true),
      onback: () => this.back(),
    });
  }

  #sidebarActs() {
    return {
      open: (place) => this.open(place),
      become: (userId) => this.become(userId),
      newPerson: () => askPerson((user) => this.reload().then(() => this.become(user.id))),
      newGroup: () =>
        askGroup([...this.world.users.values()], this.world.me, (chat) =>
          this.reload().then(() => this.open({ chat: chat.id, topic: chat.topics?.[0]?.id ?? null })),
        ),
    };
  }

  /** Learn the world, show it, and listen. */
  async start() {
    const state = await api.state();
    const { me, place } = recall();
    this.world.me = me;
    this.world.learn(state);
    this.hearing.start(state.last ?? 0);
    await this.become(this.world.me, place);
    this.watch();
  }

  /** Look with the eyes of another person. */
  async become(userId, place = null) {
    const before = this.world.place.chat === null ? null : this.composer.here;
    this.world.me = userId;
    speak(this.world.person?.language_code);
    this.frame.words();
    const chats = this.world.chatsOf(userId);
    const there = chats.find((chat) => chat.id === place?.chat) ?? chats[0];
    if (!there) return;
    await this.open({ chat: there.id, topic: there.id === place?.chat ? place.topic : null }, before);
    this.peek(chats);
  }

  // The newest messages of the other chats, for their lines in the list.
  async peek(chats) {
    for (const chat of chats.filter(({ id }) => !this.world.messagesOf(id).length)) {
      const { messages } = await api
        .messages(chat.id, this.world.me, undefined, 1)
        .catch(() => ({ messages: [] }));
      this.world.keep(chat.id, messages);
    }
    this.refreshSoon();
  }

  /** Open a chat or one of its topics. */
  async open(place, before = this.composer.here) {
    const chat = this.world.chats.get(place.chat);
    const topics = this.world.topicsOf(chat);
    const topic = topics.length ? (topics.find(({ id }) => id === place.topic)?.id ?? topics[0].id) : null;
    const leaving = this.world.place.chat === null ? null : before;
    this.world.place = { chat: place.chat, topic };
    this.world.unread.delete(place.chat);
    remember(this.world);
    this.frame.closeDrawer();
    await this.load();
    this.composer.enter(leaving);
    this.view.open();
    this.refresh();
    this.refreshDrafts();
    this.frame.settle(this.composer.field);
  }

  /** Read the newest messages of the open chat. */
  async load() {
    const { chat } = this.world.place;
    const { messages } = await api
      .messages(chat, this.world.me, undefined, PAGE)
      .catch(told({ messages: [] }));
    this.world.keep(chat, messages);
    if (messages.length < PAGE) this.#complete.add(chat);
  }

  /** Read messages from before those that are shown. */
  async older() {
    const { chat } = this.world.place;
    if (this.#loading || chat === null || this.#complete.has(chat)) return;
    const [oldest] = this.world.messagesOf(chat);
    if (!oldest) return;
    this.#loading = true;
    const { messages } = await api
      .messages(chat, this.world.me, oldest.message_id, PAGE)
      .catch(told({ messages: [] }));
    this.#loading = false;
    this.world.keep(chat, messages);
    if (messages.length < PAGE) this.#complete.add(chat);
    if (chat === this.world.place.chat) this.view.refresh();
  }

  /** The connection is there again: what was missed is read, since another world may have begun. */
  async back() {
    this.frame.lost(false);
    await this.reload();
    this.world.forget();
    this.#complete.clear();
    await this.load();
    this.view.refresh();
    this.refresh();
    this.peek(this.world.chatsOf(this.world.me));
  }

  /** Learn people and chats anew. */
  async reload() {
    this.world.learn(await api.state());
    this.refresh();
  }

  /** The same, once for many changes that come together. */
  reloadSoon() {
    clearTimeout(this.#reload);
    this.#reload = setTimeout(() => this.reload().catch(told(null)), 80);
  }

  /** Draw what surrounds the conversation. */
  refresh() {
    this.sidebar.refresh();
    this.frame.refresh();
    this.composer.refreshKeyboard();
  }

  /** The same, once for all that happens before the next picture. */
  refreshSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.refresh());
  }

  refreshDrafts() {
    this.view.refreshDrafts(this.drafts.of(this.world.place));
    this.frame.refreshStop();
  }

  // Whether the bot is there can only be asked.
  async watch() {
    if (!document.hidden) {
      const { bot_polling: polling } = await api.stats().catch(() => ({}));
      this.frame.asleep(polling === false);
    }
    setTimeout(() => this.watch(), WATCH);
  }
}

const told = (instead) => (error) => {
  toast(error.message, "trouble");
  return instead;
};

new App().start().catch((error) => toast(error.message, "trouble"));
