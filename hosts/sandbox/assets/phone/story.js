// What happened, by channel and customer: entries of the timeline become bubbles.

import { readLine } from "./read-line.js";
import { readComment, readDirect, readWhatsapp } from "./read-meta.js";
import { readTelegram } from "./read-telegram.js";

const READERS = {
  line: readLine,
  telegram: readTelegram,
  messenger: readDirect,
  instagram: readDirect,
  whatsapp: readWhatsapp,
  comment: readComment,
  instagram_comment: readComment,
};

/** Where the shop answers comments in private. */
export const PRIVATE = { comment: "messenger", instagram_comment: "instagram" };

const TYPING_MS = 8000;

export class Story {
  constructor() {
    this.templates = [];
    this.clear();
  }

  clear() {
    /** By `channel/person`. */
    this.threads = new Map();
    /** Comments by id, in order. */
    this.comments = new Map();
  }

  thread(channel, person) {
    const key = `${channel}/${person}`;
    let thread = this.threads.get(key);
    if (!thread) {
      thread = { channel, person, bubbles: [], byId: new Map(), typingUntil: 0, unseen: 0, last: 0 };
      this.threads.set(key, thread);
    }
    return thread;
  }

  /** Threads of a channel, the newest first. */
  threadsOf(channel) {
    return [...this.threads.values()].filter((thread) => thread.channel === channel).sort((a, b) => b.last - a.last);
  }

  commentsOf(channel) {
    return [...this.comments.values()].filter((comment) => comment.channel === channel);
  }

  take(entries) {
    for (const entry of entries) {
      const steps = READERS[entry.channel]?.(entry, this) ?? [];
      for (const step of steps) this.apply(entry, step);
    }
  }

  apply(entry, step) {
    if (step.step === "comment") {
      this.applyComment(entry, step);
      return;
    }
    const thread = this.thread(entry.channel, entry.personId);
    const target = step.id ? thread.byId.get(step.id) : undefined;
    switch (step.step) {
      case "bubble":
        this.addBubble(thread, entry, step);
        break;
      case "edit":
        if (target) {
          target.text = step.text;
          target.edited = true;
        }
        break;
      case "unsend":
        if (target) target.unsent = true;
        break;
      case "react":
        if (target) target.reactions = { ...target.reactions, [entry.by]: step.emoji };
        break;
      case "read":
      case "delivered": {
        // Whoever did it has everything of the other side up to here.
        const other = entry.by === "customer" ? "business" : "customer";
        for (const bubble of thread.bubbles) {
          if (bubble.by === other) bubble[step.step] = true;
        }
        break;
      }
      case "typing":
        thread.typingUntil = entry.at + TYPING_MS;
        break;
    }
  }

  addBubble(thread, entry, step) {
    const id = step.id ?? "";
    const bubble = { key: `${entry.seq}.${step.part ?? 0}`, seq: entry.seq, at: entry.at, by: entry.by, ...step, id };
    // LINE and Telegram tell the data of a choice only; people read its label.
    if (step.chosen) {
      const offered = thread.bubbles.flatMap((one) => [...(one.quick ?? []), ...(one.buttons ?? [])]).reverse();
      const label = offered.find((choice) => choice.payload === step.chosen)?.label;
      if (label) bubble.text = step.notice ? `You pressed “${label}”` : label;
    }
    thread.bubbles.push(bubble);
    if (id && !thread.byId.has(id)) thread.byId.set(id, bubble);
    thread.last = entry.seq;
    if (entry.by === "business" && !step.notice) {
      thread.unseen += 1;
      thread.typingUntil = 0;
    }
  }

  applyComment(entry, step) {
    const known = this.comments.get(step.id);
    if (step.change === "add" && !known) {
      this.comments.set(step.id, { channel: entry.channel, seq: entry.seq, at: entry.at, by: entry.by, ...step });
    } else if (known && step.change === "edited") {
      known.text = step.text;
      known.edited = true;
    } else if (known && step.change === "remove") {
      known.removed = true;
    }
  }
}
