/** The page speaks the language of the person who looks at it. */

import { EN } from "./words_en.js";
import { RU } from "./words_ru.js";
import { UK } from "./words_uk.js";

const BOOKS = { en: EN, ru: RU, uk: UK };
let language = "en";

/** Speak this language from now on; English for those that have no book. */
export function speak(code) {
  language = (code ?? "en").slice(0, 2);
  if (!(language in BOOKS)) language = "en";
  document.documentElement.lang = language;
}

/** The language spoken now. */
export const spoken = () => language;

/** The words for a key, with `{places}` filled; `n` chooses the plural. */
export function say(key, values = {}) {
  let words = BOOKS[language][key] ?? EN[key] ?? key;
  if (typeof words === "object")
    words = words[new Intl.PluralRules(language).select(values.n)] ?? words.other;
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A language's own name for itself. */
export function languageName(code) {
  const own = new Intl.DisplayNames([code], { type: "language" }).of(code);
  return own.charAt(0).toLocaleUpperCase(code) + own.slice(1);
}
