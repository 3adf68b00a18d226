/** One row of the conversation: a bubble, or an album in one bubble, or a line about what happened. */

import { avatar, tint } from "./avatar.js";
import { button, el, icon } from "./dom.js";
import { drawText } from "./entities.js";
import { drawInlineKeys } from "./keyboards.js";
import { drawKind, FILLING, VISUAL } from "./media.js";
import { drawPoll } from "./poll.js";
import { drawReactions } from "./reactions.js";
import { drawRich } from "./rich.js";
import { gist, kindOf, nameOf } from "./world.js";
import { happening } from "./happenings.js";
import { clockOf } from "./times.js";
import { say } from "./words.js";

const BARE = new Set(["sticker", "dice", "video_note"]);

/** Draw a row of one message, or of several that form an album. */
export function drawMessage(messages, { world, act }) {
  const [first] = messages;
  const told = happening(first);
  if (told)
    return el("li", { class: "happening", dataset: { messageId: first.message_id } }, el("span", {}, told));
  const mine = world.mine(first);
  const row = el("li", {
    class: mine ? "row mine" : "row",
    tabindex: -1,
    dataset: { messageId: first.message_id },
  });
  const bubble = drawBubble(messages, world, act);
  row.append(
    !mine && world.chat?.type !== "private" ? avatar(first.from ?? first.chat, world) : "",
    el(
      "div",
      { class: "stack" },
      bubble,
      drawInlineKeys(first, act),
      drawReactions(messages.at(-1), world, act),
      actions(first, mine, act),
    ),
  );
  row.setAttribute(
    "aria-label",
    `${mine ? say("you") : nameOf(first.from)}, ${clockOf(first.date)}: ${gist(first)}`,
  );
  return row;
}

function drawBubble(messages, world, act) {
  const [first] = messages;
  const kind = kindOf(first);
  const worded = messages.find((message) => message.caption) ?? first;
  const bubble = el("div", {
    class: ["bubble", BARE.has(kind) && "bare", FILLING.has(kind) && "pictured", first.rich_message && "wide"]
      .filter(Boolean)
      .join(" "),
  });
  bubble.append(
    sender(first, world),
    forwarded(first),
    quoted(first, act),
    first.show_caption_above_media ? "" : media(messages, kind),
  );
  bubble.append(
    words(worded, act),
    first.show_caption_above_media ? media(messages, kind) : "",
    first.poll ? drawPoll(first.poll) : "",
  );
  place(bubble, meta(messages.at(-1)));
  return bubble;
}

function sender(message, world) {
  if (world.mine(message) || world.chat?.type === "private") return "";
  return el(
    "div",
    { class: "sender", dataset: message.from?.is_bot ? {} : { tint: tint(message.from?.id ?? 0) } },
    nameOf(message.from),
    message.from?.is_bot && el("span", { class: "tag" }, say("bot")),
  );
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return "";
  const name =
    nameOf(origin.sender_user ?? origin.sender_chat ?? origin.chat) || origin.sender_user_name || "";
  return el("div", { class: "forwarded" }, `${say("forwarded")} · ${name}`);
}

function quoted(message, act) {
  const original = message.reply_to_message;
  if (!original || original.forum_topic_created) return "";
  const words = message.quote?.text ?? gist(original);
  return el(
    "button",
    { type: "button", class: "quoted", onclick: () => act.show(original.message_id) },
    el("span", { class: "quoted-name" }, nameOf(original.from)),
    el("span", { class: "quoted-words" }, words),
  );
}

function media(messages, kind) {
  if (!kind) return "";
  const drawn = messages.map((message) =>
    drawKind(kindOf(message), message[kindOf(message)], { spoiler: message.has_media_spoiler }),
  );
  if (drawn.length === 1) return el("div", { class: `media ${kind}` }, drawn);
  if (!VISUAL.has(kind)) return el("div", { class: "media files" }, drawn);
  drawn.forEach((item, n) => item.classList.add(`span-${spanOf(n, drawn.length)}`));
  return el("div", { class: "media album" }, drawn);
}

// How many stand in each line of an album; a line is six columns wide.
const LINES = {
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [2, 2, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [2, 2, 3, 3],
};

function spanOf(n, count) {
  let left = n;
  for (const inLine of LINES[count] ?? []) {
    if (left < inLine) return 6 / inLine;
    left -= inLine;
  }
  return 2;
}

function words(message, act) {
  if (message.rich_message) return drawRich(message.rich_message, act.rich(message));
  const text = message.text ?? message.caption;
  if (!text) return "";
  const lone =
    /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f){1,9}$/u.test(text) &&
    [...new Intl.Segmenter().segment(text)].length <= 3;
  return el(
    "div",
    { class: lone ? "words lone" : "words", dir: "auto" },
    drawText(text, message.entities ?? message.caption_entities, act),
  );
}

function meta(message) {
  const edited = message.edit_date && el("span", { class: "edited" }, `${say("edited")} `);
  return el(
    "span",
    { class: "meta" },
    edited,
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clockOf(message.date)),
  );
}

// The time stands on the last line of the words when there are words to stand beside.
function place(bubble, time) {
  const last = bubble.lastElementChild;
  if (last?.classList.contains("words")) last.append(time);
  else bubble.append(time);
}

function actions(message, mine, act) {
  const editable = mine && (message.text ?? message.caption) !== undefined;
  return el(
    "div",
    { class: "actions" },
    button({ label: say("reply"), class: "round small", onclick: () => act.reply(message) }, icon("reply")),
    button(
      {
        label: say("react"),
        class: "round small",
        "aria-haspopup": "true",
        onclick: (event) => act.react(message, event.currentTarget),
      },
      icon("smile"),
    ),
    editable &&
      button({ label: say("edit"), class: "round small", onclick: () => act.edit(message) }, icon("edit")),
  );
}
