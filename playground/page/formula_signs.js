/** The signs that TeX has names for. */

import { lexicon } from "./lexicon.js";

export const SYMBOLS = lexicon({
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ϵ", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", vartheta: "ϑ",
  iota: "ι", kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", upsilon: "υ", phi: "ϕ",
  varphi: "φ", chi: "χ", psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π", Sigma: "Σ",
  Upsilon: "Υ", Phi: "Φ", Psi: "Ψ", Omega: "Ω", infty: "∞", partial: "∂", nabla: "∇", hbar: "ℏ", ell: "ℓ", emptyset: "∅",
  varnothing: "∅", aleph: "ℵ", Re: "ℜ", Im: "ℑ", degree: "°", prime: "′", angle: "∠", ldots: "…", cdots: "⋯", dots: "…", vdots: "⋮", ddots: "⋱",
});

export const OPERATORS = lexicon({
  times: "×", cdot: "⋅", div: "÷", pm: "±", mp: "∓", ast: "∗", star: "⋆", circ: "∘", bullet: "∙", oplus: "⊕", otimes: "⊗",
  le: "≤", leq: "≤", ge: "≥", geq: "≥", ne: "≠", neq: "≠", approx: "≈", equiv: "≡", sim: "∼", simeq: "≃", cong: "≅", propto: "∝",
  ll: "≪", gg: "≫", in: "∈", notin: "∉", ni: "∋", subset: "⊂", supset: "⊃", subseteq: "⊆", supseteq: "⊇", cup: "∪", cap: "∩",
  setminus: "∖", forall: "∀", exists: "∃", neg: "¬", land: "∧", wedge: "∧", lor: "∨", vee: "∨", to: "→", rightarrow: "→", gets: "←",
  leftarrow: "←", leftrightarrow: "↔", Rightarrow: "⇒", implies: "⟹", Leftarrow: "⇐", iff: "⟺", Leftrightarrow: "⇔", mapsto: "↦",
  uparrow: "↑", downarrow: "↓", perp: "⊥", parallel: "∥", mid: "∣", sum: "∑", prod: "∏", int: "∫", iint: "∬", oint: "∮",
  bigcup: "⋃", bigcap: "⋂", langle: "⟨", rangle: "⟩", lfloor: "⌊", rfloor: "⌋", lceil: "⌈", rceil: "⌉", lbrace: "{", rbrace: "}",
  "{": "{", "}": "}", "|": "‖", "%": "%", "#": "#", "&": "&", _: "_", $: "$", therefore: "∴", because: "∵", checkmark: "✓",
});

export const SPACES = lexicon({ ",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "0em", " ": "0.3em", quad: "1em", qquad: "2em" });

export const ACCENTS = lexicon({ hat: "^", bar: "¯", overline: "¯", vec: "→", dot: "˙", ddot: "¨", tilde: "~", widehat: "^" });

export const FUNCTIONS = new Set(["sin", "cos", "tan", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "gcd", "mod", "Pr", "arg", "ker", "deg"]);
