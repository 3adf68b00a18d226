/** Where the person was looking, kept in the address so that it can be shared and reloaded. */

/** What the address says: `#user/chat` or `#user/chat/topic`. */
export function recall() {
  const [me, chat, topic] = location.hash
    .slice(1)
    .split("/")
    .map((part) => Number(part) || null);
  return { me: me ?? null, place: { chat: chat ?? null, topic: topic ?? null } };
}

/** Write it into the address. */
export function remember({ me, place: { chat, topic } }) {
  history.replaceState(null, "", `#${[me, chat, topic].filter((part) => part !== null).join("/")}`);
}
