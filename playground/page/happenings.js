/** Messages that nobody wrote: they tell what happened in the chat. */

import { nameOf } from "./world.js";

const TELL = {
  new_chat_members: (message) => `${message.new_chat_members.map(nameOf).join(", ")} →`,
  left_chat_member: (message) => `← ${nameOf(message.left_chat_member)}`,
  new_chat_title: (message) => `«${message.new_chat_title}»`,
  pinned_message: () => "📌",
  forum_topic_created: (message) => `# ${message.forum_topic_created.name}`,
  forum_topic_edited: (message) => `# ${message.forum_topic_edited.name ?? ""}`,
  forum_topic_closed: () => "# ✕",
  forum_topic_reopened: () => "# ↺",
  group_chat_created: () => "✦",
  supergroup_chat_created: () => "✦",
};

/** The words for such a message; null for one that somebody wrote. */
export function happening(message) {
  const kind = Object.keys(TELL).find((name) => name in message);
  return kind ? TELL[kind](message) : null;
}
