import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import type { Draft } from "~/api/rows";
import { DraftKeeper, type DraftText, isEmpty } from "./draftKeeper";

/** A draft as it was kept: with its file, when it comes from the server. */
type StoredDraft = DraftText & Pick<Draft, "file">;

const EMPTY: DraftText = { text: "", note: false };

/**
 * The draft of one conversation. The component that uses it must be a new one for each conversation (by `key`):
 * what is typed then belongs to the conversation that it was typed in, whatever happens to the requests.
 */
export function useDraft(conversationId: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.draft(conversationId),
    // No body is no draft.
    queryFn: async (): Promise<StoredDraft | null> =>
      (await answer<Draft | undefined>(
        api.GET("/api/conversations/{id}/draft", { params: { path: { id: conversationId } } }),
      )) ?? null,
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
        put: async ({ text, note, mediaId }) => {
          const put = (file: { mediaId?: string }) =>
            answer(api.PUT("/api/conversations/{id}/draft", { params, body: { text, note, ...file } }));
          if (mediaId === undefined) return put({});
          try {
            return await put({ mediaId });
          } catch (error) {
            // A file that can be sent no more is no reason to lose the words.
            if (problemOf(error).field === "mediaId") return put({});
            throw error;
          }
        },
        remove: async () => {
          try {
            await answer(api.DELETE("/api/conversations/{id}/draft", { params }));
          } catch (error) {
            if (problemOf(error).status !== 404) throw error;
          }
        },
      },
      client.getQueryData<StoredDraft | null>(keys.draft(conversationId)) ?? undefined,
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
      client.setQueryData(keys.draft(conversationId), isEmpty(draft) ? null : draft);
    },
    [client, conversationId],
  );

  return {
    draft: typed ?? kept ?? EMPTY,
    /** The file that came with the draft from the server. */
    file: typed === undefined ? kept?.file : undefined,
    /** Whether it is known what the server has. */
    known: typed !== undefined || kept !== undefined,
    change,
  };
}
