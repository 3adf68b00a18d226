/** Files that wait in the composer to be sent with the next message. */

import * as api from "./api.js";
import { button, el, icon } from "./dom.js";
import { sizeWords, VISUAL } from "./media.js";
import { say } from "./words.js";

const MOST = 10;

export class Attachments {
  #files = [];

  /** `changed()` is called when files come or go. */
  constructor({ tray, list, asFiles }, changed) {
    Object.assign(this, { tray, list, asFiles, changed });
    asFiles.addEventListener("change", () => this.#draw());
  }

  get count() {
    return this.#files.length;
  }

  /** Add files; more than an album holds wait for the next message. */
  add(files) {
    this.#files = [...this.#files, ...files].slice(0, MOST);
    this.#draw();
  }

  clear() {
    this.#files = [];
    this.asFiles.checked = false;
    this.#draw();
  }

  /** Send all; several of one nature become an album, and the caption stands with the first. */
  async send(message, caption) {
    const files = this.#files.map((file) => [file, this.#kind(file)]);
    const album =
      files.length > 1 && sameNature(files.map(([, kind]) => kind))
        ? { media_group_id: String(Date.now()) }
        : {};
    for (const [n, [file, kind]] of files.entries()) {
      await api.sendFile({ ...message, ...album }, kind, file, n === 0 ? caption : "");
    }
  }

  #kind(file) {
    if (this.asFiles.checked) return "document";
    if (file.type === "image/gif") return "animation";
    if (/^image\/(png|jpeg|webp)$/.test(file.type)) return "photo";
    const [nature] = file.type.split("/");
    return nature === "video" || nature === "audio" ? nature : "document";
  }

  #draw() {
    this.tray.hidden = !this.#files.length;
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.#files.map((file, n) => this.#item(file, n)));
    this.changed();
  }

  #item(file, n) {
    const picture = this.#kind(file) === "photo";
    const shown = picture
      ? el("img", { src: URL.createObjectURL(file), alt: file.name })
      : el(
          "span",
          { class: "tray-file" },
          icon("file"),
          el("span", { class: "file-name" }, file.name),
          el("span", { class: "quiet" }, sizeWords(file.size)),
        );
    const remove = button(
      { label: `${say("remove")}: ${file.name}`, class: "round small tray-remove" },
      icon("close"),
    );
    remove.addEventListener("click", () => {
      this.#files.splice(n, 1);
      this.#draw();
    });
    return el("li", { class: picture ? "tray-picture" : null }, shown, remove);
  }
}

const sameNature = (kinds) =>
  kinds.every((kind) => VISUAL.has(kind)) ||
  (new Set(kinds).size === 1 && ["document", "audio"].includes(kinds[0]));
