/** A formula in TeX, drawn with the browser's own mathematics; what is not known is shown as it is written. */

import { el } from "./dom.js";
import { ACCENTS, FUNCTIONS, OPERATORS, SPACES, SYMBOLS } from "./formula_signs.js";
import { lexicon } from "./lexicon.js";

const SPACE = "http://www.w3.org/1998/Math/MathML";
const TOKEN = /\\(?:[a-zA-Z]+|.)|\s+|\d+(?:\.\d+)?|[\s\S]/gy;

/** Draw TeX, in a line of its own (`display`) or among words. */
export function formula(tex, display) {
  const math = m("math", { display: display ? "block" : "inline" }, row(new Reader(tex.trim()), null));
  const shown = el(display ? "div" : "span", {
    class: display ? "formula block" : "formula",
    title: tex.trim(),
    tabindex: display ? 0 : null,
  });
  shown.append(math);
  return shown;
}

function m(tag, attributes, ...children) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class Reader {
  constructor(tex) {
    this.tokens = tex.match(TOKEN) ?? [];
    this.at = 0;
  }

  peek() {
    while (/^\s+$/.test(this.tokens[this.at] ?? "")) this.at += 1;
    return this.tokens[this.at];
  }

  next() {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  // The words of a group, untouched, as \text wants them.
  raw() {
    if (this.peek() !== "{") return this.next() ?? "";
    this.at += 1;
    let words = "";
    for (let deep = 1; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      deep += (token === "{") - (token === "}");
      if (!deep) break;
      words += token;
    }
    this.at += 1;
    return words;
  }
}

function row(reader, until) {
  const parts = [];
  while (
    reader.peek() !== undefined &&
    reader.peek() !== until &&
    !(until === null && reader.peek() === undefined)
  ) {
    if (until === "cell" && ["&", "\\\\", "\\end"].includes(reader.peek())) break;
    parts.push(scripted(reader));
  }
  if (until && until !== "cell") reader.next();
  return m("mrow", {}, ...parts);
}

// An atom with whatever stands above and below it.
function scripted(reader) {
  const name = reader.peek();
  const atom = one(reader);
  let [below, above] = [null, null];
  while (["_", "^", "'"].includes(reader.peek())) {
    const sign = reader.next();
    if (sign === "'") above = m("mo", {}, "′");
    else if (sign === "_") below = one(reader);
    else above = one(reader);
  }
  if (!below && !above) return atom;
  const wide = /^\\(sum|prod|lim|max|min|bigcup|bigcap)$/.test(name);
  if (below && above) return m(wide ? "munderover" : "msubsup", {}, atom, below, above);
  return below ? m(wide ? "munder" : "msub", {}, atom, below) : m(wide ? "mover" : "msup", {}, atom, above);
}

function one(reader) {
  const token = reader.next();
  if (token === undefined) return m("mrow", {});
  if (token === "{") return word(reader) ?? row(reader, "}");
  if (token.startsWith("\\")) return command(token.slice(1), reader);
  if (/^\d/.test(token)) return m("mn", {}, token);
  if (/^\p{L}/u.test(token)) return m("mi", {}, token);
  return m("mo", {}, token === "-" ? "−" : token === "*" ? "∗" : token);
}

// Letters alone between braces are a word, not a product.
function word(reader) {
  const end = reader.tokens.indexOf("}", reader.at);
  const letters = reader.tokens.slice(reader.at, end).join("");
  if (end === -1 || !/^\p{L}{2,}$/u.test(letters)) return null;
  reader.at = end + 1;
  return m("mi", {}, letters);
}

function command(name, reader) {
  if (name in SYMBOLS) return m("mi", {}, SYMBOLS[name]);
  if (name in OPERATORS) return m("mo", {}, OPERATORS[name]);
  if (name in SPACES) return m("mspace", { width: SPACES[name] });
  if (name in ACCENTS) return m("mover", { accent: "true" }, one(reader), m("mo", {}, ACCENTS[name]));
  if (FUNCTIONS.has(name)) return m("mi", { mathvariant: "normal" }, name);
  return (BUILT[name] ?? unknown)(reader, name);
}

const unknown = (_, name) => m("mtext", {}, /^[a-zA-Z]/.test(name) ? `\\${name}` : name);
const words = (reader) => m("mtext", {}, reader.raw());
const fraction = (reader) => m("mfrac", {}, one(reader), one(reader));
const nothing = () => m("mrow", {});

const BUILT = lexicon({
  frac: fraction,
  dfrac: fraction,
  tfrac: fraction,
  cfrac: fraction,
  binom: (reader) =>
    m(
      "mrow",
      {},
      m("mo", {}, "("),
      m("mfrac", { linethickness: "0" }, one(reader), one(reader)),
      m("mo", {}, ")"),
    ),
  sqrt: root,
  text: words,
  mathrm: words,
  textbf: words,
  textit: words,
  operatorname: words,
  mbox: words,
  mathbf: one,
  mathit: one,
  mathbb: (reader) => m("mi", {}, doubled(reader.raw())),
  mathcal: one,
  boldsymbol: one,
  displaystyle: nothing,
  limits: nothing,
  nolimits: nothing,
  left: (reader) => fence(reader),
  right: (reader) => fence(reader),
  big: (reader) => fence(reader),
  Big: (reader) => fence(reader),
  begin: grid,
  end: (reader) => (reader.raw(), nothing()),
  "\\": () => m("mspace", { linebreak: "newline" }),
});

function root(reader) {
  if (reader.peek() !== "[") return m("msqrt", {}, one(reader));
  reader.next();
  const degree = row(reader, "]");
  return m("mroot", {}, one(reader), degree);
}

function fence(reader) {
  const sign = reader.next() ?? "";
  const shown = sign === "." ? "" : (OPERATORS[sign.slice(1)] ?? sign.replace("\\", ""));
  return m("mo", { stretchy: "true" }, shown);
}

const SIDES = lexicon({ pmatrix: ["(", ")"], bmatrix: ["[", "]"], vmatrix: ["|", "|"], cases: ["{", ""] });

function grid(reader) {
  const name = reader.raw().replace("*", "");
  if (name === "array" && reader.peek() === "{") reader.raw();
  const rows = [[]];
  while (reader.peek() !== undefined && reader.peek() !== "\\end") {
    rows.at(-1).push(m("mtd", {}, row(reader, "cell")));
    if (reader.peek() === "\\end" || reader.peek() === undefined) break;
    if (reader.next() === "\\\\") rows.push([]);
  }
  reader.next();
  reader.raw();
  const [open, close] = SIDES[name] ?? ["", ""];
  const table = m(
    "mtable",
    name === "cases" || name.startsWith("align") ? { class: "aligned" } : {},
    ...rows.filter((cells) => cells.length).map((cells) => m("mtr", {}, ...cells)),
  );
  return m("mrow", {}, m("mo", { stretchy: "true" }, open), table, m("mo", { stretchy: "true" }, close));
}

const doubled = (letters) =>
  letters.replace(
    /[CHNPQRZ]/g,
    (letter) => ({ C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" })[letter],
  );
