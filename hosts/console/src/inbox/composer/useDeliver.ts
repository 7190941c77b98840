import { useCallback } from "react";
import { answer, api } from "~/api/client";
import type { Message, NewMessage } from "~/api/rows";
import { useCacheWriter } from "~/realtime/useRealtime";
import type { Content, Deliver, PendingSend } from "./outbox";

function bodyOf(content: Exclude<Content, { kind: "note" }>, clientMessageId: string): NewMessage {
  // Whoever uses the console is a person: some channels carry that longer than what a program wrote.
  const written = { clientMessageId, writtenBy: "PERSON" as const };
  switch (content.kind) {
    case "text":
      return { ...written, type: "text", content: content.text };
    case "file":
      return content.file === "image"
        ? { ...written, type: "image", mediaId: content.mediaId }
        : { ...written, type: "document_pdf", mediaId: content.mediaId, fileName: content.name };
    case "template":
      // With its words, so that the thread shows what the customer reads.
      return { ...written, type: "template", template: content.template, content: content.text };
  }
}

async function post({
  conversationId,
  content,
  clientMessageId,
  idempotencyKey,
}: PendingSend): Promise<Message> {
  const params = { path: { id: conversationId }, header: { "Idempotency-Key": idempotencyKey } };
  if (content.kind === "note") {
    const body = { text: content.text, mentions: content.mentions, clientMessageId };
    return answer(api.POST("/api/conversations/{id}/notes", { params, body }));
  }
  return answer(
    api.POST("/api/conversations/{id}/messages", { params, body: bodyOf(content, clientMessageId) }),
  );
}

/** Delivers a send, and puts the server's message into the thread in the same moment as its bubble goes. */
export function useDeliver(): Deliver {
  const writer = useCacheWriter();
  return useCallback(
    async (send) => {
      const message = await post(send);
      // The id is what the bubble is known by, whether or not the server repeats it.
      writer?.answered({ ...message, clientMessageId: send.clientMessageId });
      return message;
    },
    [writer],
  );
}
