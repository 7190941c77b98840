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
