/** Rich content without its dress: for code, quotes, announcements. */

/** The words of rich text. */
export function plainWords(text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(plainWords).join("");
  if (text.type === "break") return "\n";
  return plainWords(text.text ?? text.expression ?? text.alternative_text);
}

/** The words of a whole rich message in one line. */
export function richWords(rich) {
  const words = rich.markdown ?? rich.html?.replace(/<[^>]*>/g, " ") ?? blockWords(rich.blocks);
  return words
    .replace(/[#*_`~|$>]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function blockWords(node) {
  if (Array.isArray(node)) return node.map(blockWords).join(" ");
  if (!node || typeof node !== "object") return node ?? "";
  const parts = [node.summary, node.text, node.expression, node.items, node.blocks, node.cells];
  return parts.filter(Boolean).map(blockWords).join(" ");
}
