import { usePreferences } from "~/state/preferences";
import { isolated } from "./isolation";

// biome-ignore lint/suspicious/noExplicitAny: a message may take whatever it needs.
type Message = string | ((...values: any[]) => string);
type Same<M> = { [K in keyof M]: M[K] extends string ? string : M[K] };

export interface Catalogue<M> {
  en: M;
  th: Same<M>;
}

function placed(value: unknown): unknown {
  if (typeof value === "string") return isolated(value);
  return Array.isArray(value) ? value.map(placed) : value;
}

/** The messages as they are, but that a value put into a sentence cannot turn the sentence around. */
function guarded<M extends Record<string, Message>>(messages: M): M {
  const made = Object.entries(messages).map(([key, message]) => [
    key,
    typeof message === "string" ? message : (...values: unknown[]) => message(...values.map(placed)),
  ]);
  return Object.fromEntries(made) as M;
}

/**
 * The messages of one part of the console, in all languages. English sets the keys: a key that Thai lacks, or
 * whose values differ, is a type error.
 */
export function catalogue<M extends Record<string, Message>>(messages: Catalogue<M>): Catalogue<M> {
  return { en: guarded(messages.en), th: guarded(messages.th as M) as Same<M> };
}

export function useMessages<M>(messages: Catalogue<M>): Same<M> {
  return messages[usePreferences().language] as Same<M>;
}
