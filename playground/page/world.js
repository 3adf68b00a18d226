/** What the page knows: people, chats, messages, and who is looking where. */

import { richWords } from "./rich_words.js";
import { say } from "./words.js";

const byId = (a, b) => a.message_id - b.message_id;

export class World {
  bot = { id: 0, first_name: "Hearthbot" };
  users = new Map();
  chats = new Map();
  unread = new Map();
  me = null;
  place = { chat: null, topic: null };
  #messages = new Map();

  /** Take over a whole state as the playground tells it. */
  learn({ bot, users, chats }) {
    this.bot = bot;
    this.users = new Map(users.map((user) => [user.id, user]));
    this.chats = new Map(chats.map((chat) => [chat.id, chat]));
    if (!this.users.has(this.me)) this.me = users[0]?.id ?? null;
  }

  get person() {
    return this.users.get(this.me);
  }

  get chat() {
    return this.chats.get(this.place.chat);
  }

  /** The fields that every call about the open chat carries. */
  get address() {
    return { chat_id: this.place.chat, user_id: this.me };
  }

  /** Chats that a person sees, the private one with the bot first. */
  chatsOf(userId) {
    const mine = [...this.chats.values()].filter((chat) => this.sees(userId, chat));
    return mine.sort((a, b) => (b.id === userId) - (a.id === userId));
  }

  sees(userId, chat) {
    return chat.type === "private" ? chat.id === userId : (chat.members ?? []).includes(userId);
  }

  /** The topics of a chat, General first; none for a plain chat. */
  topicsOf(chat) {
    if (!chat?.topics?.length) return [];
    return chat.topics.map(({ id, message_thread_id: thread, name }) => ({ id: id ?? thread, name }));
  }

  titleOf(chat) {
    return chat.type === "private" ? this.bot.first_name : (chat.title ?? String(chat.id));
  }

  /** All messages of a chat that are known here, oldest first. */
  messagesOf(chatId) {
    return this.#messages.get(chatId) ?? [];
  }

  /** The messages of the open place: of its topic, if it has topics. */
  get shown() {
    const { chat, topic } = this.place;
    const all = this.messagesOf(chat);
    return topic === null ? all : all.filter((message) => topicOf(message) === topic);
  }

  message(chatId, messageId) {
    return this.messagesOf(chatId).find((message) => message.message_id === messageId);
  }

  /** Add or replace messages of one chat; true when at least one was not known. */
  keep(chatId, messages) {
    const known = new Map(this.messagesOf(chatId).map((message) => [message.message_id, message]));
    const before = known.size;
    for (const message of messages)
      known.set(message.message_id, { ...fromBefore(known, message), ...message });
    this.#messages.set(chatId, [...known.values()].sort(byId));
    return known.size > before;
  }

  /** Change fields of one known message. */
  change(chatId, messageId, fields) {
    const message = this.message(chatId, messageId);
    if (message) this.keep(chatId, [{ ...message, ...fields }]);
  }

  drop(chatId, messageId) {
    this.#messages.set(
      chatId,
      this.messagesOf(chatId).filter((message) => message.message_id !== messageId),
    );
  }

  /** Forget every message, since another world may have begun. */
  forget() {
    this.#messages.clear();
  }

  /** Whether I am the one who wrote it. */
  mine(message) {
    return message.from?.id === this.me;
  }
}

// Reactions live beside a message, and an edit does not carry them.
function fromBefore(known, message) {
  const reactions = known.get(message.message_id)?.reactions;
  return reactions ? { reactions } : {};
}

/** The topic that a message of a forum belongs to; 1 is General. */
export const topicOf = (message) =>
  message.is_topic_message === false ? 1 : (message.message_thread_id ?? 1);

/** A person's or a sender chat's name. */
export function nameOf(who) {
  if (!who) return "";
  return [who.first_name ?? who.title, who.last_name].filter(Boolean).join(" ");
}

const KINDS = [
  "photo",
  "voice",
  "audio",
  "video",
  "video_note",
  "animation",
  "document",
  "sticker",
  "contact",
  "location",
  "dice",
];

/** The kind of thing that a message carries, or null for words only. */
export const kindOf = (message) =>
  KINDS.find((kind) => kind in message && !(kind === "document" && message.animation)) ?? null;

/** One line that stands for a message in lists, quotes and announcements. */
export function gist(message) {
  const words = message.text ?? message.caption ?? (message.rich_message && richWords(message.rich_message));
  const kind = kindOf(message);
  if (message.poll) return `${say("poll")}: ${message.poll.question}`;
  return [kind && say(`what_${kind}`), words].filter(Boolean).join(": ").slice(0, 400);
}
