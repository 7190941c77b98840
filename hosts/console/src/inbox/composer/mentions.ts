import type { Member } from "~/api/rows";

// Calling members in a note: what is being typed after the last "@", and who is called in the end.

export interface Call {
  /** Where the "@" stands. */
  at: number;
  query: string;
}

/** The call that the caret stands in, if it does. An "@" in the middle of a word is none: that is an address. */
export function callAt(text: string, caret: number): Call | undefined {
  const at = text.lastIndexOf("@", caret - 1);
  if (at < 0) return undefined;
  if (isWithinWord(text, at)) return undefined;
  const query = text.slice(at + 1, caret);
  return /\n/.test(query) || query.length > 40 ? undefined : { at, query };
}

export function matching(members: readonly Member[], query: string): Member[] {
  const wanted = query.toLocaleLowerCase();
  return members
    .filter((one) => one.status === "ACTIVE" && one.name.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => rank(a, wanted) - rank(b, wanted) || a.name.localeCompare(b.name))
    .slice(0, 6);
}

function rank(member: Member, wanted: string): number {
  return member.name.toLocaleLowerCase().startsWith(wanted) ? 0 : 1;
}

/** The text with the call completed, and where the caret goes. */
export function completed(
  text: string,
  call: Call,
  caret: number,
  member: Member,
): { text: string; caret: number } {
  const name = `@${member.name} `;
  return { text: text.slice(0, call.at) + name + text.slice(caret), caret: call.at + name.length };
}

/**
 * Who is called by the text: whoever's name stands behind an "@" of it, however it got there, as a draft may be taken up
 * elsewhere. Where one name begins with another the longer one is meant, and a name that goes on is somebody else's.
 */
export function mentionedIn(text: string, members: readonly Member[]): string[] {
  const active = members.filter((one) => one.status === "ACTIVE" && one.name !== "");
  const called = new Set<string>();
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (isWithinWord(text, at)) continue;
    const meant = active.filter(
      ({ name }) => text.startsWith(name, at + 1) && endsWord(text, at + 1 + name.length),
    );
    const longest = Math.max(...meant.map(({ name }) => name.length));
    for (const one of meant) if (one.name.length === longest) called.add(one.id);
  }
  return active.filter((one) => called.has(one.id)).map((one) => one.id);
}

/** Whether the "@" belongs to a word that begins before it, as in an address. */
function isWithinWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}.]$/u.test(text.slice(0, at));
}

/** Letters of languages that put no spaces between words. */
const UNSPACED =
  "[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]";
const ENDS_UNSPACED = new RegExp(`${UNSPACED}$`, "u");
const BEGINS_UNSPACED = new RegExp(`^${UNSPACED}`, "u");

function endsWord(text: string, end: number): boolean {
  const rest = text.slice(end);
  if (!/^[\p{L}\p{M}\p{N}_]/u.test(rest)) return true;
  const unspaced = BEGINS_UNSPACED.test(rest);
  // Letters of another kind are another word.
  if (ENDS_UNSPACED.test(text.slice(0, end)) !== unspaced) return /^\p{L}/u.test(rest);
  if (!unspaced) return false;
  // Here it takes a dictionary to know.
  const words = new Intl.Segmenter("th", { granularity: "word" }).segment(text);
  return words.containing(end)?.index === end;
}
