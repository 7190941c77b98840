import type { Language } from "~/state/preferences";
import { createStore } from "~/state/store";
import type { ApiProblem } from "./problem";

type Sentences = typeof import("./problemMessages");

// Most sessions meet no problem: what there is to say of each is loaded with the first one.
const sentences = createStore<Sentences | undefined>(undefined);
let loading: Promise<void> | undefined;

/** Loads what problems are called; never fails, as the server's own words do for once. */
export function loadProblemWords(): Promise<void> {
  loading ??= import("./problemMessages").then(
    (loaded) => sentences.set(loaded),
    () => {
      loading = undefined;
    },
  );
  return loading;
}

const WORDS_MS = 1_000;

/** A refusal that is told once, and not drawn again, should have its words by then; but it waits no longer for them. */
export function problemWordsSoon(): Promise<unknown> {
  return Promise.race([loadProblemWords(), new Promise((go) => setTimeout(go, WORDS_MS))]);
}

/** The store of what is loaded, for those who draw again when it is. */
export const problemSentences = sentences;

/** A problem in the reader's language, by its code; in the server's own words where this console does not know it. */
export function problemWords(
  problem: Pick<ApiProblem, "code" | "message">,
  language: Language,
  known: Sentences | undefined,
): string {
  if (!known || !Object.hasOwn(known.problemMessages[language], problem.code)) return problem.message;
  const words = known.problemMessages[language][problem.code as keyof Sentences["problemMessages"]["en"]];
  if (!known.TELLS_MORE.has(problem.code)) return words;
  return language === "en" ? problem.message : `${words} (${problem.message})`;
}
