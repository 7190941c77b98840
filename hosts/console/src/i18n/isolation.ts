// What customers give (names, words, names of files) may turn the direction of text. Nothing outside of it may follow:
// "gpj.exe" must not be read as "exe.jpg", nor a name rewrite the sentence that it stands in. Unicode's rules:
// <https://www.unicode.org/reports/tr9/>, and what is made of them: <https://trojansource.codes>

/** Embeddings, overrides and isolates, with their ends. No name needs one: letters know their direction themselves. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;

/** Letters that are written from the right, and the marks that say so. */
const FROM_THE_RIGHT =
  /[\u0590-\u08FF\u200F\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** The direction of a text: that of its first letter, as `dir="auto"` has it. For style sheets that need to know it. */
export function directionOf(text: string): "ltr" | "rtl" {
  const letter = /\p{L}/u.exec(text)?.[0];
  return letter !== undefined && FROM_THE_RIGHT.test(letter) ? "rtl" : "ltr";
}

/** A text without what turns its neighbours, or its own letters against their nature. */
export function withoutTurns(text: string): string {
  return text.replace(TURNS, "");
}

/** A text as a part of a sentence: what is written from the right stays within its place. */
export function isolated(text: string): string {
  const plain = withoutTurns(text);
  return FROM_THE_RIGHT.test(plain) ? FIRST_STRONG_ISOLATE + plain + POP_ISOLATE : plain;
}
