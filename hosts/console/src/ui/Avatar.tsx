import { useState } from "react";
import { withoutTurns } from "~/i18n/isolation";
import { classes } from "./classes";

// Six calm pairs; each reaches 4.5:1 in itself, in either theme.
const tints = [
  "bg-accent-soft text-accent-strong",
  "bg-info-soft text-info",
  "bg-violet-soft text-violet",
  "bg-warn-soft text-warn",
  "bg-ok-soft text-ok",
  "bg-danger-soft text-danger",
];

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** At most two letters of a name; whole graphemes, as a Thai vowel alone is no letter. */
export function initials(name: string): string {
  const first = (word: string) => [...graphemes.segment(word)][0]?.segment ?? "";
  const words = withoutTurns(name).trim().split(/\s+/).filter(Boolean);
  const [one = "", ...others] = words;
  const last = others.at(-1);
  return (first(one) + (last ? first(last) : "")).toLocaleUpperCase();
}

function tintOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return tints[sum % tints.length] ?? "";
}

/** A picture of somebody; their initials when there is none, when it fails, or when it is not HTTPS. */
export function Avatar({
  name,
  picture,
  size = 36,
  className,
}: {
  name: string;
  picture?: string | null | undefined;
  size?: number;
  className?: string;
}) {
  const [failed, setFailed] = useState<string>();
  const shown = picture?.startsWith("https://") && picture !== failed ? picture : undefined;
  const letters = initials(name);
  return (
    <span
      aria-hidden="true"
      className={classes(
        "inline-flex shrink-0 items-center justify-center overflow-hidden rounded-full font-semibold select-none",
        tintOf(name),
        className,
      )}
      style={{
        width: size,
        height: size,
        fontSize: Math.max(10, Math.round(size * (letters.length > 1 ? 0.36 : 0.42))),
      }}
    >
      {shown ? (
        <img
          src={shown}
          alt=""
          referrerPolicy="no-referrer"
          loading="lazy"
          className="size-full object-cover"
          onError={() => setFailed(shown)}
        />
      ) : (
        // Drawn by the style sheet: a name beside the picture says who it is, these letters do not.
        <span data-letters={letters || "?"} className="before:content-[attr(data-letters)]" />
      )}
    </span>
  );
}
