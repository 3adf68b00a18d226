/** The round sign of a person, a group or the bot. */

import { el, icon } from "./dom.js";
import { nameOf } from "./world.js";

/** A colour for a person, always the same. */
export const tint = (id) => String(Math.abs(id) % 6);

/** Draw it; it is decoration, the name stands beside it. */
export function avatar(who, world, size = "") {
  const bot = who.is_bot || who.id === world.bot.id;
  const sign = bot ? icon("flame") : nameOf(who).charAt(0).toLocaleUpperCase();
  return el(
    "span",
    {
      class: ["avatar", bot && "bot", size].filter(Boolean).join(" "),
      dataset: { tint: tint(who.id) },
      "aria-hidden": "true",
    },
    sign,
  );
}

/** The sign of a chat: the bot's for a private one, since that is who one talks to. */
export const chatAvatar = (chat, world, size) =>
  avatar(chat.type === "private" ? world.bot : chat, world, size);
