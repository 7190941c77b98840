import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Draft } from "~/api/rows";
import { forgetMember } from "~/state/member";
import { useDraft } from "./useDraft";

afterEach(() => {
  cleanup();
  forgetMember();
});

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

const file = { mediaId: "m", name: "dress.png", type: "image/png" } as NonNullable<Draft["file"]>;

/** A server that keeps one draft, and the browser's tab beside it. */
function server(draft?: Partial<Draft>) {
  const at = { updatedAt: "2027-01-01T00:00:00Z" };
  const now = {
    draft: draft && ({ text: "", note: false, ...at, ...draft } as Draft),
    down: false,
    hold: undefined as Promise<void> | undefined,
    calls: [] as string[],
  };
  const call = (method: "GET" | "PUT" | "DELETE", run: (body: Draft) => unknown) =>
    vi.spyOn(api, method).mockImplementation((async (_path: string, init: { body?: Draft }) => {
      now.calls.push(method);
      await now.hold;
      if (now.down) throw new TypeError("no answer");
      const data = run({ ...at, ...init.body } as Draft);
      return { data, response: new Response(null, { status: data ? 200 : 204 }) };
    }) as never);
  call("GET", () => now.draft);
  call("PUT", (body) => {
    now.draft = { ...body, ...(body.mediaId ? { file } : {}) };
    return now.draft;
  });
  call("DELETE", () => {
    now.draft = undefined;
  });
  return now;
}

function tab() {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return { client, open: () => renderHook(() => useDraft("c"), { wrapper }) };
}

const words = (text: string) => ({ text, note: false });
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

describe("what was written", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("reaches the server after an outage, though its conversation was left during it", async () => {
    const now = server();
    const { open } = tab();
    const first = open();
    await pass(100);
    now.down = true;
    act(() => first.result.current.change(words("Not lost")));
    first.unmount();
    await pass(100);

    // Whoever looks in meanwhile finds it, and takes nothing off its way.
    const second = open();
    expect(second.result.current.draft.text).toBe("Not lost");
    second.unmount();
    await pass(100);
    now.down = false;
    await pass(6_000);
    expect(now.draft?.text).toBe("Not lost");

    // As after a reload.
    forgetMember();
    const later = tab().open();
    await pass(100);
    expect(later.result.current.draft.text).toBe("Not lost");
  });

  test("and sent in an outage does not come back", async () => {
    const now = server({ text: "Sent words", mediaId: "m", file });
    const { open } = tab();
    const first = open();
    await pass(100);
    expect(first.result.current.file).toBeDefined();
    now.down = true;
    act(() => first.result.current.change(words("")));
    first.unmount();
    await pass(100);
    const second = open();
    expect(second.result.current.draft.text).toBe("");
    expect(second.result.current.file).toBeUndefined();
    second.unmount();
    now.down = false;
    await pass(6_000);
    expect(now.draft).toBeUndefined();
  });

  test("is forgotten by the tab once it is saved, and then taken from the server", async () => {
    const now = server();
    const { client, open } = tab();
    const first = open();
    await pass(100);
    act(() => first.result.current.change(words("Saved")));
    first.unmount();
    await pass(1_000);
    expect(client.getQueryData(keys.draft("c"))).toMatchObject(words("Saved"));
    now.draft = { ...words("Written elsewhere"), updatedAt: "" };
    client.removeQueries({ queryKey: keys.draft("c") });
    const second = open();
    await pass(100);
    expect(second.result.current.draft.text).toBe("Written elsewhere");
  });
});

describe("what is written before the stored draft is there", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  /** A draft whose answer is on its way. */
  function late() {
    const now = server({ text: "Stored words.", mediaId: "m", file });
    let release = () => {};
    now.hold = new Promise((done) => (release = done));
    return { now, release };
  }

  test("comes behind it, with its file; the server and whoever comes back have both", async () => {
    const { now, release } = late();
    const { client, open } = tab();
    const first = open();
    act(() => first.result.current.change(words("typed")));
    await pass(3_000);
    expect(now.calls).toEqual(["GET"]);
    release();
    await pass(100);
    expect(first.result.current.draft).toMatchObject({ text: "Stored words.\ntyped", mediaId: "m" });
    expect(first.result.current.file).toBe(file);
    await pass(1_000);
    expect(now.draft).toMatchObject({ text: "Stored words.\ntyped", mediaId: "m" });
    expect(client.getQueryData(keys.draft("c"))).toMatchObject({ text: "Stored words.\ntyped" });
    first.unmount();
    await pass(1_000);
    expect(open().result.current.draft.text).toBe("Stored words.\ntyped");
  });

  test("also when the conversation was left by then", async () => {
    const { now, release } = late();
    const { open } = tab();
    const first = open();
    act(() => first.result.current.change(words("typed")));
    first.unmount();
    await pass(1_000);
    expect(now.calls).toEqual(["GET"]);
    release();
    await pass(1_000);
    expect(now.draft).toMatchObject({ text: "Stored words.\ntyped", mediaId: "m" });
    expect(open().result.current.draft.text).toBe("Stored words.\ntyped");
  });

  test("and sent takes nothing of it along", async () => {
    const { now, release } = late();
    const first = tab().open();
    act(() => first.result.current.change(words("yes")));
    act(() => first.result.current.change(words("")));
    release();
    await pass(3_000);
    expect(now.calls).toEqual(["GET"]);
    expect(first.result.current.draft).toMatchObject({ text: "Stored words.", mediaId: "m" });
    expect(first.result.current.file).toBe(file);
  });
});

test("the draft of a member who left is not saved in the name of the next", async () => {
  vi.useFakeTimers();
  const now = server();
  const { client, open } = tab();
  const first = open();
  await pass(100);
  now.down = true;
  act(() => first.result.current.change(words("Mine alone")));
  await pass(1_000);
  client.clear();
  forgetMember();
  first.unmount();
  now.down = false;
  await pass(30_000);
  expect(now.draft).toBeUndefined();
  expect(open().result.current.draft.text).toBe("");
  vi.useRealTimers();
});
