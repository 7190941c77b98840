import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";

/** Asks the provider about an account; told to, it also sets our webhook address there. */
export function useChannelTest(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (setWebhook: boolean) =>
      answer(api.POST("/api/channels/{id}/test", { params: { path: { id } }, body: { setWebhook } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.channels }),
  });
}
