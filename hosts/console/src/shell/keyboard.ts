import { useEffect, useRef } from "react";

// Keys of the whole console. Letters count by where they are on the keyboard (`event.code`), so that they work with
// a Thai layout; none of them is a plain letter, so that none is in the way of writing.

export type Chord = `Alt+${string}` | `Mod+${string}` | "?" | "Escape";

type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "isComposing"
>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** The chord of a press, if it is one. */
export function chordOf(press: Press, typing: boolean): Chord | undefined {
  if (press.isComposing) return undefined;
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const mod = press.ctrlKey || press.metaKey;
  if (letter && press.altKey && !mod && !press.shiftKey) return `Alt+${letter}`;
  if (letter && mod && !press.altKey && !press.shiftKey) return `Mod+${letter}`;
  if (press.key === "Escape") return "Escape";
  // The key of "?" lies elsewhere on each layout; on a Thai one it is the slash key with Shift.
  const asks = press.key === "?" || (press.code === "Slash" && press.shiftKey);
  return asks && !typing && !mod && !press.altKey ? "?" : undefined;
}

export type Chords = Partial<Record<Chord, () => void>>;

/** Does what the chords say, until the component goes. A chord that is taken goes no further. */
export function useChords(chords: Chords): void {
  const held = useRef(chords);
  useEffect(() => {
    held.current = chords;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const chord = chordOf(event, isTyping(event.target));
      const run = chord && held.current[chord];
      if (!run) return;
      // Windows over the page have keys of their own.
      if (document.querySelector('[role="dialog"], [role="menu"]') && chord !== "Mod+K") return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
