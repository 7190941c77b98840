import type { Message } from "~/api/rows";

export interface Reaction {
  emoji: string;
  count: number;
}

interface ReactionAttributes {
  emoji?: unknown;
  targetExternalMessageId?: unknown;
}

function writerOf(message: Message): string {
  const { type, id, externalUserId } = message.sender;
  return `${type}/${id ?? ""}/${externalUserId ?? ""}`;
}

/**
 * Reactions by the provider's id of the message that they are for. Each person has one at a time, the last; an
 * empty one takes it back.
 */
export function reactionsOf(messages: readonly Message[]): Map<string, Reaction[]> {
  const byTarget = new Map<string, Map<string, string>>();
  for (const message of messages) {
    if (message.messageType !== "REACTION") continue;
    const { emoji, targetExternalMessageId: target } = (message.attributes ?? {}) as ReactionAttributes;
    if (typeof target !== "string") continue;
    const byWriter = byTarget.get(target) ?? new Map<string, string>();
    byTarget.set(target, byWriter.set(writerOf(message), typeof emoji === "string" ? emoji : ""));
  }
  const counted = new Map<string, Reaction[]>();
  for (const [target, byWriter] of byTarget) {
    const counts = new Map<string, number>();
    for (const emoji of byWriter.values()) if (emoji) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
    counted.set(
      target,
      [...counts].map(([emoji, count]) => ({ emoji, count })),
    );
  }
  return counted;
}
