import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "~/api/problem";

/** Whether asking again may help: not what was refused, only what did not get through. */
function mayHelp(failures: number, error: unknown): boolean {
  const { status } = problemOf(error);
  return failures < 2 && (status === 0 || status === 429 || status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Events keep the cache right; a view that comes back need not ask at once.
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: mayHelp,
      retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
    },
    mutations: { retry: false },
  },
});
