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
  const before = text[at - 1];
  if (before !== undefined && /[\p{L}\p{N}.]/u.test(before)) return undefined;
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

/** Who of the chosen is still called by the text. */
export function mentionedIn(text: string, members: readonly Member[], chosen: ReadonlySet<string>): string[] {
  return members
    .filter((one) => one.status === "ACTIVE" && chosen.has(one.id) && text.includes(`@${one.name}`))
    .map((one) => one.id);
}
