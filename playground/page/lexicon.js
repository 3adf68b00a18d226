/** A table that knows only its own words: what a message names can never reach what objects inherit. */

export const lexicon = (entries) => Object.assign(Object.create(null), entries);
