/** Plays a voice message or a piece of audio: one button, the shape of the sound, and the time. */

import { button, el, icon } from "./dom.js";
import { shapeOf, shapeFromSeed } from "./waveform.js";
import { say } from "./words.js";

const BARS = 42;
let playing = null;

/** Draw a player; the sound is fetched when it is first wanted. */
export function player({ address, seconds = 0, seed = "", name, titled = false }) {
  const parts = { sound: null, address, seconds, bars: bars(shapeFromSeed(seed, BARS)), shaped: false };
  parts.toggle = button({ label: say("play"), class: "play" }, icon("play"));
  parts.seek = el("input", {
    type: "range",
    class: "seek",
    min: 0,
    max: 1000,
    value: 0,
    "aria-label": say("seek"),
  });
  parts.clock = el("span", { class: "clock quiet" }, clock(seconds));
  parts.toggle.addEventListener("click", () => toggled(parts));
  parts.seek.addEventListener("input", () => sought(parts));
  const track = el(
    "div",
    { class: "track" },
    el("div", { class: "bars", "aria-hidden": "true" }, parts.bars),
    parts.seek,
  );
  const shown = el(
    "div",
    { class: "player", role: "group", "aria-label": name },
    parts.toggle,
    el(
      "div",
      { class: "player-body" },
      titled && el("span", { class: "file-name" }, name),
      track,
      parts.clock,
    ),
  );
  whenSeen(shown, () => shape(parts));
  return shown;
}

const bars = (heights) =>
  heights.map((height) => {
    const bar = el("i", {});
    bar.style.height = `${Math.round(12 + 88 * height)}%`;
    return bar;
  });

function whenSeen(node, act) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    act();
  });
  watch.observe(node);
}

async function shape(parts) {
  const shape = await shapeOf(parts.address, BARS);
  if (!shape) return;
  parts.seconds = shape.seconds || parts.seconds;
  shape.heights.forEach((height, n) => (parts.bars[n].style.height = `${Math.round(12 + 88 * height)}%`));
  if (!parts.sound) parts.clock.textContent = clock(parts.seconds);
}

function toggled(parts) {
  parts.sound ??= soundOf(parts);
  if (!parts.sound.paused) return parts.sound.pause();
  if (playing && playing !== parts.sound) playing.pause();
  playing = parts.sound;
  parts.sound.play().catch(() => shows(parts, false));
}

function soundOf(parts) {
  const sound = new Audio(parts.address);
  sound.addEventListener("play", () => shows(parts, true));
  sound.addEventListener("pause", () => shows(parts, false));
  sound.addEventListener("timeupdate", () => moved(parts));
  sound.addEventListener("ended", () => ended(parts));
  return sound;
}

function shows(parts, on) {
  parts.toggle.replaceChildren(icon(on ? "pause" : "play"));
  parts.toggle.setAttribute("aria-label", say(on ? "pause" : "play"));
}

const whole = (parts) =>
  (Number.isFinite(parts.sound?.duration) && parts.sound.duration) || parts.seconds || 1;

function moved(parts) {
  const share = Math.min(1, parts.sound.currentTime / whole(parts));
  parts.seek.value = String(Math.round(share * 1000));
  paint(parts, share);
  parts.clock.textContent = `${clock(parts.sound.currentTime)} / ${clock(whole(parts))}`;
}

function paint(parts, share) {
  const reached = Math.round(share * parts.bars.length);
  parts.bars.forEach((bar, n) => bar.classList.toggle("played", n < reached));
}

function ended(parts) {
  parts.seek.value = "0";
  paint(parts, 0);
  parts.clock.textContent = clock(whole(parts));
}

function sought(parts) {
  parts.sound ??= soundOf(parts);
  parts.sound.currentTime = (Number(parts.seek.value) / 1000) * whole(parts);
  paint(parts, Number(parts.seek.value) / 1000);
}

/** Seconds as a clock shows them. */
export function clock(seconds) {
  const all = Math.round(seconds || 0);
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}
