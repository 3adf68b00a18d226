/** Times and days in the words of the person who looks. */

import { say, spoken } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;

/** Hour and minute of a message. */
export const clockOf = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(spoken(), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

/** A key that two moments of one day share. */
export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

/** The day as a heading. */
export function dayWords(seconds) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return say("today");
  if (date.toDateString() === new Date(Date.now() - DAY).toDateString()) return say("yesterday");
  return date.toLocaleDateString(spoken(), {
    day: "numeric",
    month: "long",
    year: date.getFullYear() === new Date().getFullYear() ? undefined : "numeric",
  });
}
