import { z } from "~/zod";
import { createStore, useStore } from "./store";

// What somebody chose in this browser. Stored entries may be of an older console or written by hand: what does
// not fit falls back to its default, field by field.
const schema = z.object({
  theme: z.catch(z.enum(["system", "light", "dark"]), "system"),
  language: z.catch(z.enum(["en", "th"]), () => (navigator.language.startsWith("th") ? "th" : "en")),
  detailsOpen: z.catch(z.boolean(), true),
  /** By member, as several people may use one browser. */
  sendKey: z.catch(z.record(z.string(), z.enum(["enter", "mod-enter"])), {}),
});

export type Preferences = z.infer<typeof schema>;
export type Language = Preferences["language"];
export type Theme = Preferences["theme"];
export type SendKey = Preferences["sendKey"][string];

const ENTRY = "hubchat.preferences";

export function readPreferences(text: string | null): Preferences {
  let stored: unknown = {};
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    // Not JSON: as if there was nothing.
  }
  const parsed = schema.safeParse(stored);
  return parsed.success ? parsed.data : schema.parse({});
}

function load(): Preferences {
  try {
    return readPreferences(localStorage.getItem(ENTRY));
  } catch {
    return readPreferences(null);
  }
}

export const preferences = createStore<Preferences>(load());

export function setPreferences(change: Partial<Preferences>): void {
  preferences.set((now) => ({ ...now, ...change }));
}

function show(chosen: Preferences): void {
  const root = document.documentElement;
  root.lang = chosen.language;
  if (chosen.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen.theme;
}

/** Applies the preferences to the page and keeps them, in this tab and from others. */
export function watchPreferences(): void {
  show(preferences.get());
  preferences.subscribe(() => {
    show(preferences.get());
    try {
      localStorage.setItem(ENTRY, JSON.stringify(preferences.get()));
    } catch {
      // Storage may be full or forbidden; the choice then holds until the page is closed.
    }
  });
  addEventListener("storage", (event) => {
    if (event.key === ENTRY) preferences.set(readPreferences(event.newValue));
  });
}

export function usePreferences(): Preferences {
  return useStore(preferences);
}
