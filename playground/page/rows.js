/** How messages become rows: days, albums, and runs of one sender. */

import { happening } from "./happenings.js";
import { dayOf } from "./times.js";
import { kindOf } from "./world.js";

const RUN = 5 * 60;

/** Arrange messages into rows; each has a key that stays the same while it lives. */
export function rowsOf(messages) {
  const rows = [];
  let day = null;
  for (const together of albums(messages)) {
    const [first] = together;
    if (dayOf(first.date) !== day) {
      day = dayOf(first.date);
      rows.push({ key: `day ${day}`, day: first.date });
    }
    rows.push({ key: `message ${first.message_id}`, messages: together });
  }
  return rows.map((row, n) => ({ ...row, first: !run(rows[n - 1], row), last: !run(row, rows[n + 1]) }));
}

function albums(messages) {
  const found = [];
  for (const message of messages) {
    const album = found.at(-1);
    const same =
      message.media_group_id && album?.[0].media_group_id === message.media_group_id && kindOf(message);
    if (same) album.push(message);
    else found.push([message]);
  }
  return found;
}

// Rows of one sender that follow each other soon stand close together.
function run(above, below) {
  const [a, b] = [above?.messages?.at(-1), below?.messages?.[0]];
  if (!a || !b || happening(a) || happening(b)) return false;
  return a.from?.id === b.from?.id && b.date - a.date < RUN;
}
