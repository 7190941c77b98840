import type { ReactNode } from "react";
import { withoutTurns } from "~/i18n/isolation";

// Only addresses that say http or https; everything else in a message stays text.
const ADDRESS = /https?:\/\/[^\s<>"']+/g;
// What ends a sentence does not belong to the address before it.
const TAIL = /[.,;:!?)\]}'"»”’]+$/;

export interface Piece {
  text: string;
  href?: string;
}

function asAddress(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a closing bracket that the address itself opened, as Wikipedia's do. */
function trimmed(found: string): string {
  const tail = TAIL.exec(found)?.[0] ?? "";
  const body = found.slice(0, found.length - tail.length);
  return tail.startsWith(")") && body.includes("(") && !body.includes(")") ? `${body})` : body;
}

export function pieces(text: string): Piece[] {
  const made: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimmed(match[0]);
    const href = asAddress(shown);
    if (!href) continue;
    if (match.index > at) made.push({ text: text.slice(at, match.index) });
    made.push({ text: shown, href });
    at = match.index + shown.length;
  }
  if (at < text.length) made.push({ text: text.slice(at) });
  return made;
}

/** A customer's words, as text, with links that can be followed but learn nothing of this page. */
export function Linkified({ text }: { text: string }): ReactNode {
  return pieces(text).map((piece, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name than their place.
    if (!piece.href) return <span key={index}>{piece.text}</span>;
    return (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        key={index}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer"
        // An address is read from the left, whatever the words before it say.
        dir="ltr"
        className="break-all underline underline-offset-2"
      >
        {withoutTurns(piece.text)}
      </a>
    );
  });
}
