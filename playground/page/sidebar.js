/** The list of chats of the person who looks, and the switch between people. */

import { avatar, chatAvatar } from "./avatar.js";
import { button, el, icon } from "./dom.js";
import { clockOf, dayOf, dayWords } from "./times.js";
import { languageName, say } from "./words.js";
import { gist, nameOf, topicOf } from "./world.js";

export class Sidebar {
  /** `act` has `open(place)`, `become(userId)`, `newPerson()` and `newGroup()`. */
  constructor({ chats, person, people }, { world, act }) {
    Object.assign(this, { chats, person, people, world, act });
    chats.addEventListener("keydown", (event) => walk(event, chats));
    people.addEventListener("keydown", (event) => walk(event, people));
    people.addEventListener("toggle", (event) =>
      person.setAttribute("aria-expanded", String(event.newState === "open")),
    );
  }

  /** Draw everything anew; focus stays on the chat where it was. */
  refresh() {
    const focused = this.chats.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.chats.replaceChildren(...this.world.chatsOf(this.world.me).map((chat) => this.#chat(chat)));
    if (focused) this.chats.querySelector(`[data-key="${focused}"]`)?.focus();
    this.#drawPerson();
    this.#drawPeople();
  }

  #chat(chat) {
    const topics = this.world.topicsOf(chat);
    if (!topics.length) return el("li", {}, this.#entry(chat));
    const inside = topics.map((topic) => el("li", {}, this.#topic(chat, topic)));
    return el(
      "li",
      {},
      el(
        "div",
        { class: "chat forum" },
        chatAvatar(chat, this.world),
        el("span", { class: "chat-title" }, this.world.titleOf(chat)),
      ),
      el("ul", { class: "topics" }, inside),
    );
  }

  #entry(chat) {
    const latest = this.world.messagesOf(chat.id).at(-1);
    const unread = this.world.unread.get(chat.id) ?? 0;
    const words = el(
      "span",
      { class: "chat-words" },
      el(
        "span",
        { class: "chat-line" },
        el("span", { class: "chat-title" }, this.world.titleOf(chat)),
        latest && el("span", { class: "chat-time" }, when(latest.date)),
      ),
      el(
        "span",
        { class: "chat-line" },
        el("span", { class: "chat-gist" }, this.#preview(chat, latest)),
        unread > 0 && el("span", { class: "unread" }, String(unread)),
      ),
    );
    return this.#button({ chat: chat.id, topic: null }, "chat", chatAvatar(chat, this.world), words);
  }

  #topic(chat, topic) {
    const latest = this.world.messagesOf(chat.id).findLast((message) => topicOf(message) === topic.id);
    return this.#button(
      { chat: chat.id, topic: topic.id },
      "topic",
      icon("topic"),
      el("span", { class: "chat-title" }, topic.id === 1 ? say("general") : topic.name),
      latest && el("span", { class: "chat-time" }, when(latest.date)),
    );
  }

  #button(place, kind, ...content) {
    const here = place.chat === this.world.place.chat && place.topic === this.world.place.topic;
    return el(
      "button",
      {
        type: "button",
        class: kind,
        "aria-current": here ? "page" : null,
        dataset: { key: `${place.chat}/${place.topic}`, chat: place.chat, topic: place.topic ?? "" },
        onclick: () => this.act.open(place),
      },
      content,
    );
  }

  #preview(chat, latest) {
    if (!latest) return say("nothingYet");
    if (chat.type === "private" && !this.world.mine(latest)) return gist(latest);
    return `${this.world.mine(latest) ? say("you") : nameOf(latest.from)}: ${gist(latest)}`;
  }

  #drawPerson() {
    const me = this.world.person;
    const words = el(
      "span",
      { class: "person-words" },
      el("span", { class: "quiet" }, say("account")),
      el("span", { class: "person-name" }, nameOf(me)),
    );
    this.person.replaceChildren(
      avatar(me, this.world),
      words,
      el("span", { class: "language-name" }, languageName(me.language_code ?? "en")),
      icon("fold"),
    );
    this.person.setAttribute(
      "aria-label",
      `${say("account")} ${nameOf(me)}, ${languageName(me.language_code ?? "en")}`,
    );
  }

  #drawPeople() {
    const everyone = [...this.world.users.values()].map((user) => this.#personItem(user));
    const add = (key, sign, act) =>
      button(
        { class: "person-item add", role: "menuitem", onclick: () => this.#leave(act) },
        el("span", { class: "avatar" }, icon(sign)),
        say(key),
      );
    this.people.replaceChildren(
      ...everyone,
      el("hr"),
      add("addPerson", "plus", this.act.newPerson),
      add("addGroup", "group", this.act.newGroup),
    );
  }

  #personItem(user) {
    const here = user.id === this.world.me;
    return el(
      "button",
      {
        type: "button",
        class: "person-item",
        role: "menuitemradio",
        "aria-checked": String(here),
        dataset: { user: user.id },
        onclick: () => this.#leave(() => this.act.become(user.id)),
      },
      avatar(user, this.world),
      el("span", { class: "person-name" }, nameOf(user)),
      el("span", { class: "language-name" }, languageName(user.language_code ?? "en")),
    );
  }

  #leave(act) {
    this.people.hidePopover();
    act();
  }
}

const when = (seconds) =>
  dayOf(seconds) === dayOf(Date.now() / 1000) ? clockOf(seconds) : dayWords(seconds);

function walk(event, parent) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [...parent.querySelectorAll("button")];
  const next = stops[stops.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
