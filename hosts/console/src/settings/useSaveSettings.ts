import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/api/client";
import { keys } from "~/api/keys";
import { ApiProblem } from "~/api/problem";
import { session } from "~/auth/session";
import type { TenantSettings } from "./fields";

/** Changes settings, and shows the answer wherever they are shown. With a version, only over that one. */
export function useSaveSettings({ version, onSaved }: { version?: string | undefined; onSaved(): void }) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Partial<TenantSettings>) => {
      const { data, error, response } = await api.PATCH("/api/settings", {
        body,
        ...(version === undefined ? {} : { headers: { "if-match": version } }),
      });
      if (!data) throw ApiProblem.of(response, error);
      return { settings: data, version: response.headers.get("etag") ?? undefined };
    },
    onSuccess: (saved) => {
      client.setQueryData(keys.settings, saved);
      session.rename(saved.settings.name);
      onSaved();
    },
  });
}
