import { useQuery } from "@tanstack/react-query";
import { api } from "~/api/client";
import { keys } from "~/api/keys";
import { ApiProblem } from "~/api/problem";

/** The settings, with the version that a change names, so that nobody's is lost. */
export function useSettings() {
  return useQuery({
    queryKey: keys.settings,
    queryFn: async () => {
      const { data, error, response } = await api.GET("/api/settings");
      if (!data) throw ApiProblem.of(response, error);
      return { settings: data, version: response.headers.get("etag") ?? undefined };
    },
  });
}
