import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { useEffect, useRef } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { api } from "~/api/client";
import { useMentions } from "./MentionField";

const member = (name: string, status = "ACTIVE") => ({ id: name, name, status });
let people = [member("Ann"), member("Bob")];

beforeEach(() => {
  vi.spyOn(api, "GET").mockImplementation((async () => ({
    data: { items: people },
    response: new Response(),
  })) as never);
});

function Note({ text }: { text: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const mentions = useMentions(field, text, true, () => undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caret follows the text.
  useEffect(() => mentions.onSelect(), [text]);
  return (
    <>
      <textarea ref={field} value={text} readOnly />
      {mentions.list}
    </>
  );
}

test("who joined or left is in the list or out of it the next time somebody is called", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: false } } });
  const page = (text: string) => (
    <QueryClientProvider client={client}>
      <Note text={text} />
    </QueryClientProvider>
  );
  const { rerender } = render(page("@"));
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));

  rerender(page("done"));
  await waitFor(() => expect(screen.queryByRole("option")).toBeNull());
  people = [member("Ann", "DISABLED"), member("Bob"), member("Cem")];
  rerender(page("@"));
  await waitFor(() => {
    expect(screen.queryByText("Cem")).not.toBeNull();
    expect(screen.queryByText("Ann")).toBeNull();
    expect(screen.queryByText("Bob")).not.toBeNull();
  });
});
