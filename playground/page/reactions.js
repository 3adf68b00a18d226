/** Reactions under a message, and the small palette to choose one. */

import { el } from "./dom.js";
import { say } from "./words.js";

// As the Bot API writes them; the heart needs a hint to be drawn in colour.
const PALETTE = ["👍", "❤", "🔥", "😁", "🤔", "👏", "🙏"];

/** Draw what people and the bot answered with; nothing when there is nothing. */
export function drawReactions(message, world, act) {
  const counted = new Map();
  for (const { emoji, user_id: who } of message.reactions ?? []) {
    if (emoji) counted.set(emoji, [...(counted.get(emoji) ?? []), who]);
  }
  if (!counted.size) return "";
  const shown = [...counted].map(([emoji, who]) => one(emoji, who, message, world, act));
  return el("div", { class: "reactions" }, shown);
}

function one(emoji, who, message, world, act) {
  const mine = who.includes(world.me);
  return el(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(mine),
      onclick: () => act.setReaction(message, mine ? "" : emoji),
    },
    coloured(emoji),
    who.length > 1 ? ` ${who.length}` : "",
  );
}

const coloured = (emoji) => (emoji === "❤" ? "❤\ufe0f" : emoji);

/** Open the palette beside a button; `chosen(emoji)` is called once. */
export function openPalette(beside, chosen) {
  const palette = el("div", { class: "palette", popover: "auto", role: "menu", "aria-label": say("react") });
  for (const emoji of PALETTE) {
    const pick = () => {
      palette.hidePopover();
      chosen(emoji);
    };
    palette.append(el("button", { type: "button", role: "menuitem", onclick: pick }, coloured(emoji)));
  }
  palette.addEventListener("toggle", (event) => event.newState === "closed" && palette.remove());
  palette.addEventListener("keydown", walk);
  document.body.append(palette);
  palette.showPopover();
  beneath(palette, beside.getBoundingClientRect());
  palette.firstElementChild.focus();
}

function walk(event) {
  const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  if (step) event.target[step]?.focus();
}

function beneath(palette, { top, left }) {
  const { offsetWidth: width, offsetHeight: height } = palette;
  palette.style.left = `${Math.max(8, Math.min(left - width / 2, innerWidth - width - 8))}px`;
  palette.style.top = `${Math.max(8, top - height - 6)}px`;
}
