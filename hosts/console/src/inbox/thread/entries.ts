import type { Message } from "~/api/rows";
import { sameDay } from "~/i18n/moments";
import type { PendingSend } from "../composer/outbox";

// What a thread shows, one after the other: days, messages, and what this tab is still sending.

export type Entry =
  | { kind: "day"; key: string; at: number }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean }
  | { kind: "pending"; key: string; pending: PendingSend };

const TOGETHER_MS = 5 * 60_000;

function speaks(message: Message): boolean {
  return message.messageType !== "SYSTEM" && message.messageType !== "REACTION";
}

function together(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || !speaks(a) || !speaks(b)) return false;
  const [one, other] = [Date.parse(a.occurredAt), Date.parse(b.occurredAt)];
  return (
    a.direction === b.direction &&
    a.sender.type === b.sender.type &&
    a.sender.id === b.sender.id &&
    a.sender.externalUserId === b.sender.externalUserId &&
    sameDay(one, other) &&
    other - one < TOGETHER_MS
  );
}

/**
 * Reactions stand at their message, not in a line of their own. A send of this tab goes as soon as the server's
 * message with the same `clientMessageId` is there.
 */
export function entriesOf(messages: readonly Message[], pending: readonly PendingSend[]): Entry[] {
  const known = new Set(
    messages.flatMap((message) => (message.externalMessageId ? [message.externalMessageId] : [])),
  );
  const shown = messages.filter((message) => {
    if (message.messageType !== "REACTION") return true;
    const target = (message.attributes as { targetExternalMessageId?: string } | undefined)
      ?.targetExternalMessageId;
    return !(target && known.has(target));
  });
  const entries: Entry[] = [];
  for (const [index, message] of shown.entries()) {
    const at = Date.parse(message.occurredAt);
    const before = shown[index - 1];
    if (!before || !sameDay(Date.parse(before.occurredAt), at)) {
      entries.push({ kind: "day", key: `day-${new Date(at).toDateString()}`, at });
    }
    entries.push({
      kind: "message",
      // The bubble that was drawn while sending stays the same bubble.
      key: message.clientMessageId ?? message.id,
      message,
      first: !together(before, message),
      last: !together(message, shown[index + 1]),
    });
  }
  const arrived = new Set(
    messages.flatMap((message) => (message.clientMessageId ? [message.clientMessageId] : [])),
  );
  for (const one of pending) {
    if (!arrived.has(one.clientMessageId))
      entries.push({ kind: "pending", key: one.clientMessageId, pending: one });
  }
  return entries;
}
