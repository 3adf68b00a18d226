/** What stands around the conversation: its heading, notes, theme, drawer, dropping of files, and the stop button. */

import { chatAvatar } from "./avatar.js";
import { icon } from "./dom.js";
import { dots } from "./drafts.js";
import { switchTheme, themeNow } from "./theme.js";
import { say } from "./words.js";

const NARROW = matchMedia("(max-width: 760px)");

export class Frame {
  constructor(parts, app) {
    Object.assign(this, { parts, app });
    this.#icons();
    parts.theme.addEventListener("click", () => (switchTheme(), this.#theme()));
    parts.menu.addEventListener("click", () => this.#drawer(true));
    parts.shade.addEventListener("click", () => this.#drawer(false));
    parts.drawerClose.addEventListener("click", () => this.#drawer(false));
    parts.stop.addEventListener("click", () => app.acts.stop());
    parts.begin.addEventListener("click", () => app.composer.say("/start"));
    NARROW.addEventListener("change", () => this.#drawer(false));
    addEventListener("keydown", (event) => this.#key(event));
    this.#dropping();
    this.#drawer(false);
  }

  #icons() {
    for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
  }

  /** Say everything that stands still in the person's language. */
  words() {
    for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", say(node.dataset.label));
      if (node.matches("button")) node.title = say(node.dataset.label);
    }
    this.#theme();
  }

  #theme() {
    const next = themeNow() === "dark" ? "light" : "dark";
    this.parts.theme.replaceChildren(icon(next === "dark" ? "moon" : "sun"));
    this.parts.theme.setAttribute("aria-label", say(next));
    this.parts.theme.title = say(next);
  }

  /** Draw the heading and what the bot is doing. */
  refresh() {
    const { world } = this.app;
    const { chat } = world;
    if (!chat) return;
    const topic = world.topicsOf(chat).find(({ id }) => id === world.place.topic);
    const title = topic
      ? `${world.titleOf(chat)} · ${topic.id === 1 ? say("general") : topic.name}`
      : world.titleOf(chat);
    this.parts.chatSign.replaceChildren(chatAvatar(chat, world));
    this.parts.chatName.textContent = title;
    document.title = `${title} — Hearthbot`;
    this.#status(chat);
    this.parts.empty.hidden = world.shown.length > 0;
    this.parts.begin.hidden = chat.type !== "private";
  }

  #status(chat) {
    const action = this.app.news.actionIn(chat.id);
    const writing = this.app.drafts.of(this.app.world.place).length > 0;
    const about = chat.type === "private" ? say("bot") : say("members", { n: chat.members?.length ?? 0 });
    const doing = writing ? "typing" : action;
    this.parts.chatAbout.classList.toggle("doing", Boolean(doing));
    this.parts.chatAbout.replaceChildren(...(doing ? [say(`doing_${doing}`), dots()] : [about]));
    this.parts.conversation.classList.toggle("busy", Boolean(doing));
  }

  refreshStop() {
    this.parts.stop.hidden = !this.app.drafts.stoppable(this.app.world.place);
    if (this.app.world.chat) this.#status(this.app.world.chat);
  }

  /** Show or hide that the connection is lost. */
  lost(on) {
    this.parts.lost.hidden = !on;
  }

  /** Show or hide that nobody listens. */
  asleep(on) {
    this.parts.asleep.hidden = !on;
  }

  /** Put the cursor where one writes, unless that would raise a phone's keyboard. */
  settle(field) {
    if (!matchMedia("(hover: none)").matches && !document.querySelector("dialog[open]") && !this.#listing)
      field.focus();
    this.#listing = false;
  }

  #listing = false;

  closeDrawer() {
    this.#drawer(false);
  }

  #drawer(open) {
    this.parts.sidebar.classList.toggle("open", open);
    this.parts.shade.hidden = !open;
    this.parts.menu.setAttribute("aria-expanded", String(open));
    this.parts.sidebar.inert = NARROW.matches && !open;
    this.parts.main.inert = NARROW.matches && open;
    if (open) this.parts.drawerClose.focus();
    else if (document.activeElement === document.body && NARROW.matches) this.parts.menu.focus();
  }

  #key(event) {
    if (event.key === "Escape" && !event.defaultPrevented) this.#escape(event);
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key))
      this.#neighbour(event, event.key === "ArrowDown" ? 1 : -1);
  }

  #escape(event) {
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (this.parts.sidebar.classList.contains("open")) this.#drawer(false);
    else if (this.app.acts.stop()) event.preventDefault();
  }

  #neighbour(event, step) {
    const entries = [...this.parts.chats.querySelectorAll("button")];
    const next = entries[entries.findIndex((entry) => entry.getAttribute("aria-current")) + step];
    if (!next) return;
    event.preventDefault();
    next.click();
  }

  #dropping() {
    const { main, drop } = this.parts;
    const files = (event) => event.dataTransfer?.types.includes("Files");
    main.addEventListener("dragenter", (event) => files(event) && (drop.hidden = false));
    drop.addEventListener("dragleave", () => (drop.hidden = true));
    main.addEventListener("dragover", (event) => files(event) && event.preventDefault());
    main.addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      drop.hidden = true;
      this.app.composer.attach(event.dataTransfer.files);
    });
  }
}
