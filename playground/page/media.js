/** What a message carries besides words: pictures, sound, files, places, people. */

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { lexicon } from "./lexicon.js";
import { openPicture } from "./lightbox.js";
import { player } from "./player.js";
import { say } from "./words.js";
import { nameOf } from "./world.js";

/** Kinds that may stand side by side in an album. */
export const VISUAL = new Set(["photo", "video"]);

/** Kinds that fill their bubble from edge to edge. */
export const FILLING = new Set([...VISUAL, "animation"]);

/** Draw what is carried; `spoiler` veils it until it is pressed. */
export function drawKind(kind, value, { spoiler = false } = {}) {
  const draws = KINDS[kind];
  if (!draws || !value) return el("p", { class: "quiet" }, say("unsupported"));
  return spoiler ? veiled(draws(value)) : draws(value);
}

function veiled(drawn) {
  const veil = el("div", { class: "veil" }, drawn);
  const lift = (event) => {
    if (!veil.classList.contains("veil")) return;
    event.preventDefault();
    event.stopPropagation();
    veil.classList.remove("veil");
  };
  veil.addEventListener("click", lift, { capture: true });
  return veil;
}

const KINDS = lexicon({
  photo,
  video,
  animation,
  video_note: note,
  voice,
  audio,
  document: file,
  sticker,
  contact,
  location,
  dice,
});

function photo(sizes) {
  const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const address = fileAddress(largest.file_id);
  const picture = sized(
    el("img", { src: address, alt: say("what_photo"), decoding: "async" }),
    largest,
  );
  return el(
    "button",
    {
      type: "button",
      class: "picture",
      dataset: { file: largest.file_id },
      "aria-label": say("what_photo"),
      onclick: () => openPicture(address),
    },
    picture,
  );
}

// The place that a picture or a film takes is known before the first of its bytes has come.
function sized(node, { width, height }) {
  if (!(width > 0 && height > 0)) return node;
  node.classList.add("sized");
  node.style.setProperty("--wide", width);
  node.style.setProperty("--high", height);
  return node;
}

function video(clip) {
  const shown = el("video", {
    class: "clip",
    dataset: { file: clip.file_id },
    src: fileAddress(clip.file_id),
    controls: true,
    preload: "metadata",
    playsinline: true,
    "aria-label": say("what_video"),
  });
  return sized(shown, clip);
}

function animation(clip) {
  const address = fileAddress(clip.file_id);
  const moving = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const shown =
    clip.mime_type === "image/gif"
      ? el("img", { class: "clip", src: address, alt: say("what_animation") })
      : looping(address, moving);
  return el(
    "div",
    { class: "animated", dataset: { file: clip.file_id } },
    sized(shown, clip),
    el("span", { class: "badge-corner", "aria-hidden": "true" }, "GIF"),
  );
}

function looping(address, moving) {
  const shown = el("video", {
    class: "clip",
    src: address,
    loop: true,
    playsinline: true,
    preload: "auto",
    controls: !moving,
    "aria-label": say("what_animation"),
  });
  shown.muted = true;
  shown.autoplay = moving;
  return shown;
}

function note(clip) {
  const shown = video({ ...clip, width: null, height: null });
  shown.classList.add("round");
  return shown;
}

function voice(sound) {
  return player({
    address: fileAddress(sound.file_id),
    seconds: sound.duration,
    seed: sound.file_unique_id,
    name: say("what_voice"),
  });
}

function audio(sound) {
  const title = [sound.performer, sound.title ?? sound.file_name].filter(Boolean).join(" — ");
  return player({
    address: fileAddress(sound.file_id),
    seconds: sound.duration,
    seed: sound.file_unique_id,
    name: title || say("what_audio"),
    titled: true,
  });
}

function file(document) {
  const name = document.file_name ?? say("what_document");
  return el(
    "a",
    {
      class: "file",
      href: fileAddress(document.file_id),
      download: name,
      "aria-label": `${say("download")}: ${name}`,
    },
    el("span", { class: "file-sign" }, icon("file"), el("span", { class: "file-ending" }, ending(name))),
    el(
      "span",
      { class: "file-words" },
      el("span", { class: "file-name" }, name),
      el("span", { class: "quiet" }, sizeWords(document.file_size)),
    ),
    icon("download"),
  );
}

const ending = (name) => (/\.(\w{1,4})$/.exec(name)?.[1] ?? "").toUpperCase();

/** A size as people say it. */
export function sizeWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${(bytes / 1024 ** step).toFixed(step && bytes / 1024 ** step < 10 ? 1 : 0)} ${units[step]}`;
}

function sticker(image) {
  if (image.is_animated || image.is_video || !image.file_id)
    return el("span", { class: "big-emoji" }, image.emoji ?? "");
  const shown = el("img", {
    class: "sticker",
    src: fileAddress(image.file_id),
    alt: image.emoji ?? say("what_sticker"),
  });
  shown.addEventListener("error", () =>
    shown.replaceWith(el("span", { class: "big-emoji" }, image.emoji ?? "🙂")),
  );
  return shown;
}

function contact(person) {
  const words = el(
    "span",
    { class: "file-words" },
    el("span", { class: "file-name" }, nameOf(person)),
    el("span", { class: "quiet" }, person.phone_number ?? ""),
  );
  return el(
    "div",
    { class: "file" },
    el(
      "span",
      { class: "file-sign round-sign", "aria-hidden": "true" },
      (person.first_name ?? "?").charAt(0),
    ),
    words,
  );
}

function location(place) {
  const where = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return el(
    "div",
    { class: "map", role: "img", "aria-label": `${say("what_location")}: ${where}` },
    icon("pin"),
    el("span", { class: "map-words" }, where),
  );
}

function dice(thrown) {
  return el(
    "div",
    { class: "dice" },
    el("span", { class: "big-emoji" }, thrown.emoji ?? "🎲"),
    el("span", { class: "dice-value" }, String(thrown.value ?? "")),
  );
}

/**
 * Let what is shown already stay when its message changes: a film goes on playing, and a picture
 * gives way to the next one only when that can be seen.
 */
export function keepMedia(before, after) {
  const [old, fresh] = [filesIn(before), filesIn(after)];
  for (const node of fresh) {
    const same = old.find((one) => one.dataset.file === node.dataset.file);
    if (same) stay(same, node);
    else if (old.length === 1 && fresh.length === 1) giveWay(old[0], node);
  }
}

const filesIn = (node) => [...node.querySelectorAll("[data-file]")];

function stay(old, fresh) {
  old.className = fresh.className;
  fresh.replaceWith(old);
}

function giveWay(old, fresh) {
  const [leaving, coming] = [old.querySelector("img"), fresh.querySelector("img")];
  if (!leaving || !coming || !fresh.matches(".picture")) return;
  leaving.classList.add("leaving");
  leaving.alt = "";
  fresh.append(leaving);
  const gone = () => leaving.remove();
  coming.decode().then(gone, gone);
}
