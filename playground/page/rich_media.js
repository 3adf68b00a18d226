/** Pictures, sound and files that stand inside a rich message. */

import { el } from "./dom.js";
import { lexicon } from "./lexicon.js";
import { drawRichText } from "./rich_text.js";
import { drawKind } from "./media.js";

function captioned(kind, field = kind) {
  return (block, act) => {
    const drawn = drawKind(kind, block[field], { spoiler: block.has_spoiler });
    if (!block.caption) return drawn;
    return el("figure", {}, drawn, el("figcaption", {}, drawRichText(block.caption.text, act)));
  };
}

/** How each kind of block with a file is drawn. */
export const drawMedia = lexicon({
  photo: captioned("photo"),
  video: captioned("video"),
  animation: captioned("animation"),
  audio: captioned("audio"),
  voice_note: captioned("voice", "voice_note"),
  document: captioned("document"),
  map: captioned("location", "location"),
});
