import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import type { Draft } from "~/api/rows";
import { DraftKeeper, type DraftText } from "./draftKeeper";

const EMPTY: DraftText = { text: "", note: false };

/**
 * The draft of one conversation. The component that uses it must be a new one for each conversation (by `key`):
 * what is typed then belongs to the conversation that it was typed in, whatever happens to the requests.
 */
export function useDraft(conversationId: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.draft(conversationId),
    queryFn: async (): Promise<DraftText | null> => {
      try {
        return await answer<Draft>(
          api.GET("/api/conversations/{id}/draft", { params: { path: { id: conversationId } } }),
        );
      } catch (error) {
        if (problemOf(error).status === 404) return null;
        throw error;
      }
    },
    // Within this tab the newest draft is the one in the cache: the composer puts it there with every letter.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [typed, setTyped] = useState<DraftText>();
  const keeper = useRef<DraftKeeper>(undefined);

  useEffect(() => {
    const params = { path: { id: conversationId } };
    const made = new DraftKeeper(
      {
        put: ({ text, note }) =>
          answer(api.PUT("/api/conversations/{id}/draft", { params, body: { text, note } })),
        remove: async () => {
          try {
            await answer(api.DELETE("/api/conversations/{id}/draft", { params }));
          } catch (error) {
            if (problemOf(error).status !== 404) throw error;
          }
        },
      },
      client.getQueryData<DraftText | null>(keys.draft(conversationId)) ?? undefined,
    );
    keeper.current = made;
    return () => {
      void made.stop();
    };
  }, [client, conversationId]);

  const kept = query.data;
  useEffect(() => {
    if (typed === undefined && kept !== undefined) keeper.current?.learn(kept ?? undefined);
  }, [typed, kept]);

  const change = useCallback(
    (draft: DraftText) => {
      setTyped(draft);
      keeper.current?.change(draft);
      client.setQueryData(keys.draft(conversationId), draft.text.trim() ? draft : null);
    },
    [client, conversationId],
  );

  return { draft: typed ?? kept ?? EMPTY, change };
}
