import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "~/api/problem";
import { type SignedIn, session } from "~/auth/session";
import { useAttachment } from "~/inbox/composer/attachment";
import { outbox } from "~/inbox/composer/outbox";
import { useDraft } from "~/inbox/composer/useDraft";
import { shownConversations } from "~/inbox/shown";
import { watchDepartures } from "./departure";
import { queryClient } from "./queryClient";

const enter = (id: string) =>
  session.enter({
    accessToken: `token of ${id}`,
    accessTokenExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    member: { id, name: id },
    tenant: { id: "t", name: "Shop" },
  } as SignedIn);

let stop: () => void;
beforeEach(() => {
  stop = watchDepartures();
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(null, { status: 204 })),
  );
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

const inTab = { wrapper: ({ children }: { children: ReactNode }) => inCache(children) };
const inCache = (children: ReactNode) =>
  createElement(QueryClientProvider, { client: queryClient, children });

/** What an agent leaves behind: an answer of the server's, a file, a message that failed, words that are not saved. */
async function leaveTraces() {
  queryClient.setQueryData(["me"], "the answer");
  shownConversations.set(["c"]);
  await outbox.send("c", [{ kind: "text", text: "failed" }], async () => {
    throw ApiProblem.offline();
  });
  const attachment = renderHook(() => useAttachment("c"));
  act(() =>
    attachment.result.current.adopt({
      mediaId: "m",
      type: "image/png",
      size: 17,
      name: "dress.png",
      url: "",
      urlExpiresAt: "",
    }),
  );
  attachment.unmount();
  const draft = renderHook(() => useDraft("c"), inTab);
  act(() => draft.result.current.change({ text: "words", note: false }));
  draft.unmount();
}

function traces() {
  const attachment = renderHook(() => useAttachment("c"));
  const draft = renderHook(() => useDraft("c"), { wrapper: ({ children }) => inOther(children) });
  const found = {
    answer: queryClient.getQueryData(["me"]),
    shown: shownConversations.get(),
    sends: outbox.sends.get().length,
    file: attachment.result.current.attachment?.name,
    words: draft.result.current.draft.text,
  };
  attachment.unmount();
  draft.unmount();
  return found;
}
// A cache of its own, so that only what the modules hold is found.
const inOther = (children: ReactNode) =>
  createElement(QueryClientProvider, { client: new QueryClient(), children });

const nothing = { answer: undefined, shown: [], sends: 0, file: undefined, words: "" };
const all = { answer: "the answer", shown: ["c"], sends: 1, file: "dress.png", words: "words" };

test("a log-out leaves nothing of the member for the next", async () => {
  enter("anna");
  await leaveTraces();
  expect(traces()).toEqual(all);
  await session.leave();
  expect(traces()).toEqual(nothing);
});

test("nor does another member who turns out to be in instead; the same one keeps what is theirs", async () => {
  enter("anna");
  await leaveTraces();
  enter("anna");
  expect(traces()).toEqual(all);
  enter("ben");
  expect(traces()).toEqual(nothing);
});
