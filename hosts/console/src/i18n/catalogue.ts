import { usePreferences } from "~/state/preferences";

// biome-ignore lint/suspicious/noExplicitAny: a message may take whatever it needs.
type Message = string | ((...values: any[]) => string);
type Same<M> = { [K in keyof M]: M[K] extends string ? string : M[K] };

export interface Catalogue<M> {
  en: M;
  th: Same<M>;
}

/**
 * The messages of one part of the console, in all languages. English sets the keys: a key that Thai lacks, or
 * whose values differ, is a type error.
 */
export function catalogue<M extends Record<string, Message>>(messages: Catalogue<M>): Catalogue<M> {
  return messages;
}

export function useMessages<M>(messages: Catalogue<M>): Same<M> {
  return messages[usePreferences().language] as Same<M>;
}
