import { problemOf } from "~/api/problem";
import { createStore } from "~/state/store";

// Keeps one conversation's draft on the server: not at every letter, never two requests at once, and the last
// word wins. Nothing is written before it is known what the server has, as writing replaces it. A keeper belongs to one
// conversation for its whole life, so that no draft can reach another; and it goes on until the server has the last
// word, whether or not that conversation is still in front.

export interface DraftText {
  text: string;
  note: boolean;
  /** The uploaded file that is to go with it. */
  mediaId?: string | undefined;
}

/** Whether there is anything to keep. */
export function isEmpty(draft: DraftText): boolean {
  return draft.text.trim() === "" && draft.mediaId === undefined;
}

export interface DraftDoor {
  /** What the server has. */
  read(): Promise<DraftText | null>;
  put(draft: DraftText, signal: AbortSignal): Promise<unknown>;
  remove(signal: AbortSignal): Promise<unknown>;
}

const PAUSE_MS = 800;
const AGAIN_MS = 5_000;

/**
 * What was stored, and behind it what was written before that was known. If either is a note, both are: words among
 * colleagues must not get into a reply.
 */
export function joined(stored: DraftText, written: DraftText): DraftText {
  const both = [stored.text, written.text].filter((text) => text.trim() !== "");
  const mediaId = written.mediaId ?? stored.mediaId;
  return { text: both.join("\n"), note: stored.note || written.note, ...(mediaId ? { mediaId } : {}) };
}

export class DraftKeeper {
  /** What was written here; nothing until somebody writes. */
  readonly written = createStore<DraftText | undefined>(undefined);
  readonly #door: DraftDoor;
  readonly #onIdle: () => void;
  readonly #forgotten = new AbortController();
  /** What the server has; undefined while that is not known. */
  #kept: string | undefined;
  /** What it did not take. */
  #refused: string | undefined;
  #writers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  /**
   * `stored` is what the server has: `null` for nothing, undefined while that is not known. `onIdle` is called when
   * nobody writes here any more and nothing is left to save.
   */
  constructor(door: DraftDoor, stored: DraftText | null | undefined, onIdle: () => void = () => undefined) {
    this.#door = door;
    this.#onIdle = onIdle;
    if (stored !== undefined) this.#kept = nameOf(stored);
  }

  /** Somebody writes here, until they call what this returns: then what is not kept yet is sent at once. */
  attend(): () => void {
    this.#writers += 1;
    return () => {
      this.#writers -= 1;
      void this.flush();
    };
  }

  /** What the server turned out to have. What is written from now on is written in its place. */
  learn(stored: DraftText | null): void {
    if (this.#kept !== undefined) return;
    this.#kept = nameOf(stored);
    const written = this.written.get();
    if (written && stored) this.written.set(joined(stored, written));
  }

  readonly change = (draft: DraftText): void => {
    this.written.set(draft);
    clearTimeout(this.#timer);
    // What was sent, or taken back, is to be gone before the page is.
    if (isEmpty(draft)) void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  };

  /** Sends what is not kept yet; resolves when the server has the last word, or did not take it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#writers === 0 && this.#isSettled()) this.#onIdle();
    });
    return this.#running;
  }

  /** The member is gone: nothing of theirs may be sent in the name of the next. */
  forget(): void {
    this.#forgotten.abort();
    clearTimeout(this.#timer);
  }

  #isSettled(): boolean {
    const written = this.written.get();
    return written === undefined || nameOf(written) === this.#kept;
  }

  async #run(): Promise<void> {
    const { signal } = this.#forgotten;
    while (!signal.aborted && !this.#isSettled()) {
      const written = this.written.get();
      const name = nameOf(written);
      if (name === this.#refused) return;
      try {
        if (this.#kept === undefined) {
          this.learn(await this.#door.read());
          continue;
        }
        await (written && name !== NOTHING ? this.#door.put(written, signal) : this.#door.remove(signal));
        this.#kept = name;
        this.#refused = undefined;
      } catch (error) {
        if (signal.aborted) return;
        if (!isRefusal(error)) {
          this.#timer ??= setTimeout(() => void this.flush(), AGAIN_MS);
          return;
        }
        // Whoever may not read it may not write it either: that refusal is the one to go by.
        if (this.#kept === undefined) this.learn(null);
        // Asking again would be refused again. The text is still in the composer, and a change asks anew.
        else this.#refused = name;
      }
    }
  }
}

function isRefusal(error: unknown): boolean {
  const { status } = problemOf(error);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

const NOTHING = "";

function nameOf(draft: DraftText | null | undefined): string {
  return !draft || isEmpty(draft) ? NOTHING : JSON.stringify([draft.note, draft.text, draft.mediaId]);
}
