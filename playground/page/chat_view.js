/** The conversation: keeps the rows that are there, adds what is new, and holds the place where one reads. */

import { el } from "./dom.js";
import { drawDraft } from "./drafts.js";
import { Freshness } from "./fresh.js";
import { keepMedia } from "./media.js";
import { drawMessage } from "./message_view.js";
import { rowsOf } from "./rows.js";
import { dayWords } from "./times.js";
import { say } from "./words.js";

const NEAR = 80;

export class ChatView {
  #rows = new Map();
  #fresh = new Map();
  #stuck = true;
  #unseen = 0;
  #quiet = true;

  /** `nodes` are the parts of the page; `older()` is asked for messages from before. */
  constructor({ scroller, list, drafts, pill, top }, { world, act, older }) {
    Object.assign(this, { scroller, list, drafts, pill, world, act });
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    scroller.addEventListener("keydown", (event) => this.#walk(event));
    pill.addEventListener("click", () => this.toLatest());
    const grown = new ResizeObserver(() => this.#stuck && this.#down());
    for (const part of [list, drafts, scroller]) grown.observe(part);
    new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && older(), {
      root: scroller,
      rootMargin: "400px 0px 0px",
    }).observe(top);
  }

  /** Open another place: all rows are drawn anew and the newest is shown. */
  open() {
    this.#rows.clear();
    this.#fresh.clear();
    this.list.replaceChildren();
    this.#stuck = true;
    this.#quiet = true;
    this.refresh();
    this.toLatest();
    this.#quiet = false;
  }

  /** Draw what changed; `settled` says that a message took the place of a draft. */
  refresh({ settled = false } = {}) {
    const anchor = this.#stuck ? null : this.#anchor();
    const rows = rowsOf(this.world.shown);
    const next = new Map(rows.map((row) => [row.key, this.#rowNode(row, settled)]));
    this.#rows = next;
    inOrder(
      this.list,
      [...next.values()].map(({ node }) => node),
    );
    this.#stop();
    if (anchor) this.#hold(anchor);
    else this.#down();
  }

  /** Draw the drafts of the open place. */
  refreshDrafts(drafts) {
    inOrder(
      this.drafts,
      drafts.map((draft) => drawDraft(draft, this.world)),
    );
    if (this.#stuck) this.#down();
  }

  /** A new message of somebody else has come; the pill counts those that were not seen. */
  arrived() {
    if (this.#stuck) return;
    this.#unseen += 1;
    this.#showPill();
  }

  /** Go to the newest message and stay there. */
  toLatest() {
    this.#stuck = true;
    this.#unseen = 0;
    this.#down();
    this.#showPill();
  }

  /** Bring one message into view and let it glow. */
  reveal(messageId) {
    const node = this.list.querySelector(`[data-message-id="${Number(messageId)}"]`);
    if (!node) return;
    this.#stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("glow");
    node.addEventListener("animationend", () => node.classList.remove("glow"), { once: true });
  }

  // One row of all is a stop for Tab: the newest.
  #stop() {
    const newest = this.list.lastElementChild;
    if (newest === this.stopAt) return;
    this.stopAt?.setAttribute("tabindex", -1);
    newest?.setAttribute("tabindex", 0);
    this.stopAt = newest;
  }

  #rowNode(row, settled) {
    const known = this.#rows.get(row.key);
    const node = known && same(known.row, row) ? known.node : this.#draw(row, known, settled);
    node.classList.toggle("first", row.first);
    node.classList.toggle("last", row.last);
    return { row, node };
  }

  #draw(row, known, settled) {
    if (row.day) return el("li", { class: "day" }, el("span", {}, dayWords(row.day)));
    const node = drawMessage(row.messages, { world: this.world, act: this.act });
    if (known) {
      keepMedia(known.node, node);
      this.#grew(row.messages[0], known.node, node);
    }
    else if (!this.#quiet && !settled) node.classList.add("arriving");
    return node;
  }

  // An edit that makes a text longer shows its new words as a draft does.
  #grew(message, before, after) {
    if (this.world.mine(message)) return;
    const words = (node) => node.querySelector(".words, .rich");
    const freshness = this.#fresh.get(message.message_id) ?? new Freshness(words(before)?.textContent);
    this.#fresh.set(message.message_id, freshness);
    if (words(after)) freshness.dress(words(after));
  }

  #scrolled() {
    this.#stuck = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
    if (this.#stuck) this.#unseen = 0;
    this.#showPill();
  }

  #showPill() {
    this.pill.hidden = this.#stuck;
    this.pill.classList.toggle("counting", this.#unseen > 0);
    const words = this.#unseen ? say("newMessages", { n: this.#unseen }) : say("toLatest");
    this.pill.querySelector(".pill-words").textContent = this.#unseen ? words : "";
    this.pill.setAttribute("aria-label", words);
  }

  #down() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    const node = [...this.list.children].find((row) => row.getBoundingClientRect().bottom > top);
    return node && { key: node.dataset.messageId, node, top: node.getBoundingClientRect().top };
  }

  #hold({ node, key, top }) {
    const now = node.isConnected ? node : key && this.list.querySelector(`[data-message-id="${key}"]`);
    if (now) this.scroller.scrollTop += now.getBoundingClientRect().top - top;
  }

  #walk(event) {
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (!step || !event.target.classList.contains("row")) return;
    let next = event.target[step];
    while (next && !next.classList.contains("row")) next = next[step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

function same(a, b) {
  if (a.day || b.day) return a.day === b.day;
  return (
    a.messages.length === b.messages.length && a.messages.every((message, n) => message === b.messages[n])
  );
}

/** Make the children of a node exactly these, moving only those that are out of place. */
function inOrder(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach(
    (node, n) => parent.children[n] !== node && parent.insertBefore(node, parent.children[n] ?? null),
  );
}
