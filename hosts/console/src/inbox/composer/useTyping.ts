import { useRef } from "react";
import { answer, api } from "~/api/client";
import type { Conversation } from "~/api/rows";
import { useTypingSignal } from "~/realtime/useRealtime";
import { SHOWS_TYPING } from "./policy";

const TYPING_EVERY_MS = 8_000;

/** Tells colleagues that one writes, and the customer where the channel shows it. Notes are no customer's business. */
export function useTyping(conversation: Conversation): (note: boolean) => void {
  const signal = useTypingSignal(conversation.id);
  const last = useRef(0);
  const quiet = useRef(!SHOWS_TYPING.has(conversation.channelType) || conversation.threadType === "COMMENT");
  return (note) => {
    if (Date.now() - last.current < TYPING_EVERY_MS) return;
    last.current = Date.now();
    signal();
    if (note || quiet.current) return;
    answer(api.POST("/api/conversations/{id}/typing", { params: { path: { id: conversation.id } } })).then(
      ({ shown }) => {
        quiet.current = !shown;
      },
      () => {
        // A signal that is lost is no trouble of the one who writes.
      },
    );
  };
}
