import { type ApiProblem, problemOf } from "~/api/problem";
import type { Message, Schemas } from "~/api/rows";
import { whenMemberLeaves } from "~/state/member";
import { createStore } from "~/state/store";

// What this tab is sending. Each send has one id for all its tries, so that the server makes one message of them,
// and the bubble that stands for it gives way to the message with that id.

export type Content =
  | { kind: "text"; text: string }
  | { kind: "note"; text: string; mentions: string[] }
  | {
      kind: "file";
      file: "image" | "document_pdf";
      mediaId: string;
      name: string;
      preview?: string | undefined;
    }
  | { kind: "template"; template: Schemas["TemplateMessage"]; text: string };

export interface PendingSend {
  clientMessageId: string;
  /** The key of the next try: the same for all of them, as an earlier one may have been accepted and its answer lost. */
  idempotencyKey: string;
  conversationId: string;
  content: Content;
  at: number;
  state: "waiting" | "sending" | "failed";
  /** Why it failed; absent when it only waits behind one that did. */
  problem?: ApiProblem;
}

export type Deliver = (send: PendingSend) => Promise<Message>;

export class Outbox {
  readonly sends = createStore<readonly PendingSend[]>([]);
  readonly #newId: () => string;

  constructor(newId: () => string = () => crypto.randomUUID()) {
    this.#newId = newId;
  }

  /**
   * Sends the contents one after the other: the next leaves when the one before is accepted. When one is not, it
   * and those behind it stay as failed, each to be tried again; what was accepted before stays sent.
   */
  async send(conversationId: string, contents: readonly Content[], deliver: Deliver): Promise<void> {
    const made = contents.map<PendingSend>((content) => {
      const id = this.#newId();
      return {
        clientMessageId: id,
        idempotencyKey: id,
        conversationId,
        content,
        at: Date.now(),
        state: "waiting",
      };
    });
    this.sends.set((now) => [...now, ...made]);
    await this.#deliverInOrder(made, deliver);
  }

  /** Tries a failed send again, and with it those that failed behind it only because of it. */
  async retry(clientMessageId: string, deliver: Deliver): Promise<void> {
    const all = this.sends.get();
    const at = all.findIndex((one) => one.clientMessageId === clientMessageId);
    const first = all[at];
    if (first?.state !== "failed") return;
    const behind = all
      .slice(at + 1)
      .filter(
        (one) =>
          one.conversationId === first.conversationId && one.state === "failed" && one.problem === undefined,
      );
    const again = [first, ...behind];
    for (const one of again) this.#change(one.clientMessageId, { state: "waiting" });
    await this.#deliverInOrder(again, deliver);
  }

  discard(clientMessageId: string): void {
    this.sends.set((now) => now.filter((one) => one.clientMessageId !== clientMessageId));
  }

  /** Forgets all; what waits is not sent any more. */
  clear(): void {
    this.sends.set([]);
  }

  async #deliverInOrder(sends: readonly PendingSend[], deliver: Deliver): Promise<void> {
    for (const [index, { clientMessageId }] of sends.entries()) {
      const send = this.#change(clientMessageId, { state: "sending" });
      if (!send) continue;
      try {
        await deliver(send);
        this.discard(clientMessageId);
      } catch (error) {
        const problem = problemOf(error);
        // Only such a key is of no use any more. Any other refusal may come before the server looks at the key: it says
        // nothing of an earlier try.
        const spent = problem.code === "idempotency_key_reused";
        this.#change(clientMessageId, {
          state: "failed",
          problem,
          ...(spent ? { idempotencyKey: this.#newId() } : {}),
        });
        for (const later of sends.slice(index + 1)) this.#change(later.clientMessageId, { state: "failed" });
        return;
      }
    }
  }

  #change(clientMessageId: string, change: Partial<PendingSend>): PendingSend | undefined {
    let changed: PendingSend | undefined;
    this.sends.set((now) =>
      now.map((one) => {
        if (one.clientMessageId !== clientMessageId) return one;
        const { problem: _, ...rest } = one;
        changed = { ...rest, ...change };
        return changed;
      }),
    );
    return changed;
  }
}

export const outbox = new Outbox();

whenMemberLeaves(() => outbox.clear());
