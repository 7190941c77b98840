import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { api } from "~/api/client";
import { keys } from "~/api/keys";
import { useDraft } from "./useDraft";

function opened(answer: { data?: unknown; error?: unknown; response: Response }) {
  vi.spyOn(api, "GET").mockResolvedValue(answer as never);
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(() => useDraft("c"), { wrapper });
  return { hook, state: () => client.getQueryState(keys.draft("c")) };
}

test("a conversation without a draft, of which the server has nothing to say, is empty", async () => {
  const { hook, state } = opened({ response: new Response(null, { status: 204 }) });
  await waitFor(() => expect(state()?.status).toBe("success"));
  expect(state()?.data).toBeNull();
  expect(hook.result.current.draft).toEqual({ text: "", note: false });
});

test("a draft is taken up", async () => {
  const kept = { text: "Half a", note: true, updatedAt: "2027-01-01T00:00:00Z" };
  const { hook } = opened({ data: kept, response: new Response() });
  await waitFor(() => expect(hook.result.current.draft).toMatchObject({ text: "Half a", note: true }));
});

test("another refusal is no missing draft", async () => {
  const error = { code: "conversation_not_found", title: "There is no such conversation", status: 404 };
  const { state } = opened({ error, response: new Response(null, { status: 404 }) });
  await waitFor(() => expect(state()?.status).toBe("error"));
});
