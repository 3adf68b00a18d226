/** The parts of the page by name: what index.html calls `chat-list` is `chatList` here. */

export function partsOf(root) {
  const named = [...root.querySelectorAll("[id]")].map((node) => [camel(node.id), node]);
  return Object.fromEntries(named);
}

const camel = (id) => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
