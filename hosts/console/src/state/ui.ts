import { useEffect, useState } from "react";
import { createStore } from "./store";

/** What is open over the page, of this tab and this moment. */
export const overlay = createStore<"none" | "palette" | "shortcuts">("none");

/** The details beside a conversation where they have no room of their own. */
export const detailsDrawer = createStore(false);

/** The snooze menu, as the keys open it too. */
export const snoozeMenu = createStore(false);

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setMatches(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return matches;
}

/** Wide enough for the details as a pane of their own. */
export const WIDE = "(min-width: 1280px)";

/** What the lanes of the inbox are drawn as: with their words, as icons only, or to scroll over the list. */
export type LanesShape = "column" | "rail" | "row";

/**
 * How the lanes are drawn. The thread is what people work in: while the details stand beside it, the lanes
 * leave it the room of their words until there is enough for all. That the details are wanted counts, not that a conversation is
 * open: else the list would move from under the pointer that opens one.
 */
export function useLanesShape(detailsOpen: boolean): LanesShape {
  const column = useMedia(detailsOpen ? "(min-width: 1500px)" : "(min-width: 1180px)");
  const rail = useMedia("(min-width: 1024px)");
  return column ? "column" : rail ? "rail" : "row";
}
