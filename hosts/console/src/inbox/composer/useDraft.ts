import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { useStore } from "~/state/store";
import type { DraftText } from "./draftKeeper";
import { attend, draftQuery, keeperOf } from "./drafts";

const EMPTY: DraftText = { text: "", note: false };

/**
 * The draft of one conversation. The component that uses it must be a new one for each conversation (by `key`):
 * what is typed then belongs to the conversation that it was typed in, whatever happens to the requests.
 */
export function useDraft(conversationId: string) {
  const client = useQueryClient();
  const [keeper] = useState(() => keeperOf(client, conversationId));
  const written = useStore(keeper.written);
  // Once something is written here the keeper asks, if it has to: no answer can overtake what it saves.
  const stored = useQuery({ ...draftQuery(conversationId), enabled: written === undefined }).data;

  useLayoutEffect(() => attend(conversationId, keeper), [conversationId, keeper]);
  // Before the next key is heard: what it writes is written into the words that are shown by then.
  useLayoutEffect(() => {
    if (stored !== undefined) keeper.learn(stored);
  }, [keeper, stored]);

  const draft = written ?? stored ?? EMPTY;
  return {
    draft,
    /** The draft's file, as the server has it. */
    file: draft.mediaId !== undefined && stored?.file?.mediaId === draft.mediaId ? stored.file : undefined,
    change: keeper.change,
  };
}
