/** A poll as it stands. */

import { el } from "./dom.js";
import { say } from "./words.js";

/** Draw a poll: the question, and how the votes are shared. */
export function drawPoll(poll) {
  const all = poll.total_voter_count || 0;
  const options = (poll.options ?? []).map((option) => drawOption(option, all));
  return el(
    "div",
    { class: "poll" },
    el("strong", {}, poll.question),
    options,
    el("span", { class: "quiet" }, say("votes", { n: all })),
  );
}

function drawOption(option, all) {
  const text = typeof option === "string" ? option : option.text;
  const share = all ? Math.round((100 * (option.voter_count ?? 0)) / all) : 0;
  const bar = el("i", {});
  bar.style.width = `${share}%`;
  return el(
    "div",
    { class: "option" },
    el("span", { class: "option-share" }, `${share}%`),
    el("span", {}, text),
    el("span", { class: "option-bar" }, bar),
  );
}
