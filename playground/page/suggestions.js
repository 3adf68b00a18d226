/** The list above the composer: commands that begin as the words do, or results of the bot's inline mode. */

import { el } from "./dom.js";

export class Suggestions {
  #items = [];
  #marked = 0;

  /** `box` holds the list, `field` is the text area that it belongs to. */
  constructor(box, field) {
    Object.assign(this, { box, field });
  }

  get open() {
    return !this.box.hidden;
  }

  /** The title of the marked item, if the list is open. */
  get chosen() {
    return this.#items[this.#marked]?.title;
  }

  /** Show items `{ title, words, pick }`; none closes the list. */
  show(items) {
    this.#items = items;
    this.#marked = 0;
    this.box.hidden = !items.length;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.box.replaceChildren(...items.map((item, n) => this.#option(item, n)));
    this.#mark();
  }

  close() {
    this.show([]);
  }

  /** Act on a key; true when the list took it. */
  takes(event) {
    if (!this.open || event.shiftKey) return false;
    const acts = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#pick(),
      Tab: () => this.#pick(),
      Escape: () => this.close(),
    };
    const act = acts[event.key];
    if (act) act();
    return Boolean(act);
  }

  #option(item, n) {
    const option = el(
      "li",
      { class: "suggestion", role: "option", id: `suggestion-${n}` },
      el("span", { class: "suggestion-title" }, item.title),
      el("span", { class: "quiet" }, item.words ?? ""),
    );
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#marked = n;
      this.#pick();
    });
    return option;
  }

  #move(step) {
    this.#marked = (this.#marked + step + this.#items.length) % this.#items.length;
    this.#mark();
  }

  #mark() {
    [...this.box.children].forEach((option, n) =>
      option.setAttribute("aria-selected", String(n === this.#marked)),
    );
    if (!this.open) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `suggestion-${this.#marked}`);
    this.box.children[this.#marked].scrollIntoView({ block: "nearest" });
  }

  #pick() {
    const item = this.#items[this.#marked];
    this.close();
    item.pick();
  }
}
