import { useEffect } from "react";
import { createStore } from "~/state/store";

/** Something that the palette can do. */
export interface Command {
  id: string;
  words: string;
  /** The key that does the same. */
  keys?: string;
  /** The heading that it stands under. */
  group: string;
  run(): void;
}

/** What the screens in front offer, by screen. */
export const offered = createStore<Readonly<Record<string, readonly Command[]>>>({});

/** Offers commands while the component is there. */
export function useCommands(place: string, commands: readonly Command[]): void {
  // Commands are made anew with every drawing; the palette shows those of the last.
  useEffect(() => {
    offered.set((now) => ({ ...now, [place]: commands }));
  });
  useEffect(
    () => () =>
      offered.set((now) => {
        const { [place]: _, ...others } = now;
        return others;
      }),
    [place],
  );
}

/** Commands that have all the words, those that begin with the first word before others. */
export function found(commands: readonly Command[], query: string): Command[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const [first = ""] = words;
  return commands
    .filter((one) => words.every((word) => one.words.toLocaleLowerCase().includes(word)))
    .map((one, index) => ({ one, rank: one.words.toLocaleLowerCase().startsWith(first) ? 0 : 1, index }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ one }) => one);
}
