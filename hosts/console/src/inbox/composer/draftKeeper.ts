import { problemOf } from "~/api/problem";

// Keeps one conversation's draft on the server: not at every letter, never two requests at once, and the last
// word wins. A keeper belongs to one conversation for its whole life, so that no draft can reach another.

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
  put(draft: DraftText): Promise<unknown>;
  remove(): Promise<unknown>;
}

const PAUSE_MS = 800;
const AGAIN_MS = 5_000;

export class DraftKeeper {
  readonly #door: DraftDoor;
  #wanted: DraftText | undefined;
  #kept: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  /** `kept` is what the server has, as far as is known. */
  constructor(door: DraftDoor, kept: DraftText | undefined) {
    this.#door = door;
    this.#kept = nameOf(kept);
    this.#wanted = kept;
  }

  /** What the server turned out to have. */
  learn(kept: DraftText | undefined): void {
    this.#kept = nameOf(kept);
    if (this.#timer === undefined && this.#running === undefined) this.#wanted = kept;
  }

  change(draft: DraftText): void {
    this.#wanted = isEmpty(draft) ? undefined : draft;
    clearTimeout(this.#timer);
    // What was sent, or taken back, is to be gone before the page is.
    if (this.#wanted === undefined) void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Sends what is not kept yet; resolves when the server has the last word, or refused it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (nameOf(this.#wanted) !== this.#kept) {
      const wanted = this.#wanted;
      try {
        await (wanted ? this.#door.put(wanted) : this.#door.remove());
        this.#kept = nameOf(wanted);
      } catch (error) {
        const { status } = problemOf(error);
        if (status >= 400 && status < 500 && status !== 429) {
          // Refused: asking again would be refused again. The text is still in the composer, and a change asks anew.
          this.#kept = nameOf(wanted);
          continue;
        }
        this.#timer ??= setTimeout(() => void this.flush(), AGAIN_MS);
        return;
      }
    }
  }

  stop(): Promise<void> {
    const last = this.flush();
    return last.finally(() => clearTimeout(this.#timer));
  }
}

function nameOf(draft: DraftText | undefined): string {
  return draft ? JSON.stringify([draft.note, draft.text, draft.mediaId]) : "";
}
