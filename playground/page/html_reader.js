/** Reads HTML into plain records: nothing in it is ever handed to the browser as markup. */

const PIECE =
  /<!--[\s\S]*?(?:-->|$)|<\/([a-z][\w-]*)[^>]*>|<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+|</gi;
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const EMPTY = new Set(["BR", "HR", "IMG", "INPUT", "META", "LINK", "COL", "WBR", "SOURCE", "EMBED"]);
const UNREAD = new Set([
  "SCRIPT",
  "STYLE",
  "TITLE",
  "TEMPLATE",
  "IFRAME",
  "OBJECT",
  "SVG",
  "MATH",
  "NOSCRIPT",
  "TEXTAREA",
  "SELECT",
]);
const NAMED = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    laquo: "«",
    raquo: "»",
    copy: "©",
    times: "×",
    deg: "°",
  }),
);

// A tag that opens ends those that cannot hold it, up to the nearest that can.
const ENDS = new Map(
  Object.entries({
    LI: ["LI"],
    TR: ["TR", "TD", "TH"],
    TD: ["TD", "TH"],
    TH: ["TD", "TH"],
    P: ["P"],
    SUMMARY: ["P"],
  }),
);
const WALLS = new Set(["UL", "OL", "TABLE", "DETAILS", "BLOCKQUOTE", "ASIDE"]);

/** One tag with what is inside it; words are strings among its children. */
export class Tag {
  children = [];

  constructor(name, attributes = new Map()) {
    this.name = name;
    this.attributes = attributes;
  }

  /** The tags directly inside, by name. */
  tags(...names) {
    return this.children.filter((child) => child instanceof Tag && names.includes(child.name));
  }

  /** The tags of a name anywhere inside. */
  all(name) {
    return this.children.flatMap((child) =>
      child instanceof Tag ? [...(child.name === name ? [child] : []), ...child.all(name)] : [],
    );
  }

  /** All words inside. */
  get words() {
    return this.children
      .map((child) => (child instanceof Tag ? (child.name === "BR" ? "\n" : child.words) : child))
      .join("");
  }
}

/** Read HTML; what is left open ends with the text. */
export function readHtml(html) {
  const open = [new Tag("BODY")];
  for (const [whole, closing, opening, attributes] of html.matchAll(PIECE)) {
    const name = (closing ?? opening ?? "").toUpperCase();
    if (closing) close(open, name);
    else if (opening) enter(open, name, attributes);
    else if (!whole.startsWith("<!--")) put(open, decode(whole));
  }
  return open[0];
}

function put(open, words) {
  if (!open.some((tag) => UNREAD.has(tag.name))) open.at(-1).children.push(words);
}

function enter(open, name, written) {
  if (open.some((tag) => UNREAD.has(tag.name))) return;
  for (const ended of ENDS.get(name) ?? []) closeWithin(open, ended);
  const tag = new Tag(name, attributesOf(written));
  open.at(-1).children.push(tag);
  if (!EMPTY.has(name) && !written.endsWith("/")) open.push(tag);
}

function close(open, name) {
  const at = open.findLastIndex((tag) => tag.name === name);
  if (at > 0) open.length = at;
}

function closeWithin(open, name) {
  const at = open.findLastIndex((tag) => tag.name === name);
  const wall = open.findLastIndex((tag) => WALLS.has(tag.name));
  if (at > 0 && at > wall) open.length = at;
}

function attributesOf(written) {
  const found = [...written.matchAll(ATTRIBUTE)];
  return new Map(
    found.map(([, name, ...values]) => [
      name.toLowerCase(),
      decode(values.find((value) => value !== undefined) ?? ""),
    ]),
  );
}

function decode(words) {
  return words.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED.get(name) ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
