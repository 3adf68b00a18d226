/** Nodes are built here, one by one: no string is ever parsed as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 * `props` are attributes, except `class`, `dataset` and `onclick`-like listeners; false and null are left out.
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  set(node, props ?? {});
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

function set(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A button of the interface; `label` is its accessible name when it shows only an icon. */
export function button(props, ...children) {
  const { label, ...rest } = props;
  return el("button", { type: "button", "aria-label": label, title: label, ...rest }, ...children);
}

// Strokes of a 24 by 24 grid, drawn for this page.
const SHAPES = {
  attach:
    "M19 11.5 12.2 18.3a4.6 4.6 0 0 1-6.5-6.5l7.3-7.3a3.1 3.1 0 0 1 4.4 4.4l-7.2 7.2a1.6 1.6 0 0 1-2.3-2.3l6.4-6.4",
  back: "M14.5 5.5 8 12l6.5 6.5",
  check: "M5 12.5 10 17.5 19 7.5",
  close: "M6.5 6.5 17.5 17.5M17.5 6.5 6.5 17.5",
  copy: "M9 9h10v10H9zM5 15V5h10",
  down: "M12 5v13M6 12.5l6 6 6-6",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  fold: "M6.5 9.5 12 15l5.5-5.5",
  group:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3.5 19c.5-3.5 2.5-5 5.5-5s5 1.5 5.5 5M16 11a2.5 2.5 0 1 0-1-4.8M16.5 14c2.3.2 3.6 1.8 4 4.5",
  keyboard: "M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8 13.8h8",
  lock: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  mic: "M12 15a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3M6 11.5a6 6 0 0 0 12 0M12 17.5v3",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5",
  pin: "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  plus: "M12 5.5v13M5.5 12h13",
  reply: "M10 7 5 12l5 5M5.5 12H13c3.5 0 6 2 6 6",
  send: "M12 19V5.5M6 11l6-6 6 6",
  smile: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M9 10h.01M15 10h.01M8.8 14c1.8 2.2 4.6 2.2 6.4 0",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1",
  topic: "M9.5 4.5 7.5 19.5M16.5 4.5l-2 15M5 9.5h15M4 14.5h15",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
};

const SOLID = {
  flame:
    "M12.6 2.5c.7 3.4-3.9 5.2-5.6 9.1-1.9 4.4.9 9.4 5.3 9.9 4.6.5 8-3.3 7.2-8-.4-2.5-1.9-4.3-3.1-5.9-.3 1.7-1 2.7-2.1 3.4.9-3.3.3-6.4-1.7-8.5M12.1 13c1.9 1.7 2.7 3.1 2.1 4.8-.5 1.3-1.7 1.9-2.9 1.6-1.5-.3-2.3-1.9-1.7-3.5.4-1.1 1.5-1.9 2.5-2.9",
  pause: "M8 6h3v12H8zM13 6h3v12h-3z",
  play: "M8.5 5.5v13l10-6.5z",
  stop: "M7.5 7.5h9v9h-9z",
};

/** An icon: decoration only, its button carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name in SOLID ? "icon solid" : "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name] ?? SOLID[name]);
  svg.append(path);
  return svg;
}

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/** Only addresses that cannot run anything become links; others are null. */
export function safeAddress(address) {
  const parsed = URL.parse ? URL.parse(address) : tryParse(address);
  return parsed && SCHEMES.has(parsed.protocol) ? parsed.href : null;
}

function tryParse(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** A link that opens elsewhere and tells nobody where it came from; its plain content when it is unsafe. */
export function link(address, ...children) {
  const safe = safeAddress(address);
  if (!safe) return el("span", {}, ...children);
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: safe }, ...children);
}
