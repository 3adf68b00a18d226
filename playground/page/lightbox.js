/** One picture, as large as the window allows. */

import { button, el, icon } from "./dom.js";
import { say } from "./words.js";

/** Show a picture until it is dismissed. */
export function openPicture(address) {
  const dialog = el("dialog", { class: "lightbox", "aria-label": say("what_photo") });
  const close = button({ label: say("close"), class: "round" }, icon("close"));
  dialog.append(el("img", { src: address, alt: say("what_photo") }), close);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
