import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Conversation, Message } from "~/api/rows";
import { type SignedIn, session } from "~/auth/session";
import { forgetMember } from "~/state/member";
import { Composer } from "./Composer";
import { type Content, type Deliver, outbox } from "./outbox";

const conversation = {
  id: "c",
  channelType: "LINE",
  threadType: "DIRECT",
  participantDisplayName: "Anna",
} as Conversation;
const file = {
  mediaId: "m",
  type: "image/png",
  size: 17,
  name: "dress.png",
  url: "https://chat.example/media/m",
  urlExpiresAt: "2027-01-01T00:00:00Z",
};

/** What the server answers; a promise answers later. */
let answers: Record<string, unknown>;

beforeEach(() => {
  session.enter({
    accessToken: "t",
    accessTokenExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    member: { id: "me", name: "Mia" },
    tenant: { id: "t", name: "Shop" },
  } as SignedIn);
  answers = {
    "/api/members": {
      items: [
        { id: "ann", name: "Ann", status: "ACTIVE" },
        { id: "bob", name: "Bob", status: "ACTIVE" },
      ],
    },
    "/api/conversations/{id}/typing": { shown: true },
    "/api/conversations/{id}/send-options": { options: [], maxTextLength: 1_000 },
  };
  const ask = async (path: string, init?: { body?: unknown }) => ({
    data: (await answers[path]) ?? init?.body,
    response: new Response(),
  });
  for (const method of ["GET", "PUT", "POST", "DELETE"] as const)
    vi.spyOn(api, method).mockImplementation(ask as never);
});
afterEach(() => {
  cleanup();
  forgetMember();
});

function open(deliver: Deliver = async () => ({}) as Message) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(keys.me, { permissions: ["messages:send", "leads:write"] });
  render(
    <QueryClientProvider client={client}>
      <Composer conversation={conversation} messages={[]} deliver={deliver} handle={{ current: null }} />
    </QueryClientProvider>,
  );
  return screen.getByRole<HTMLTextAreaElement>("textbox");
}

test("who types before the stored draft is there keeps the keyboard, the letters, the draft and its file", async () => {
  let release: (draft: unknown) => void = () => {};
  answers["/api/conversations/{id}/draft"] = new Promise((done) => (release = done));
  const field = open();
  field.focus();
  fireEvent.change(field, { target: { value: "hel" } });
  release({ text: "Stored words.", note: false, mediaId: "m", file, updatedAt: "" });
  await waitFor(() => expect(field.value).toBe("Stored words.\nhel"));
  await waitFor(() => expect(screen.queryByText("dress.png")).not.toBeNull());
  expect(document.activeElement).toBe(field);
  fireEvent.change(field, { target: { value: "Stored words.\nhello" } });
  expect(field.value).toBe("Stored words.\nhello");
  expect(screen.queryByText("dress.png")).not.toBeNull();
});

test("a draft's file that is not shown yet stays with it while one types", async () => {
  answers["/api/conversations/{id}/draft"] = { text: "Look", note: false, mediaId: "m", updatedAt: "" };
  const field = open();
  await waitFor(() => expect(field.value).toBe("Look"));
  fireEvent.change(field, { target: { value: "Look here" } });
  await waitFor(() => expect(api.PUT).toHaveBeenCalled(), { timeout: 2_000 });
  expect(vi.mocked(api.PUT).mock.calls[0]?.[1]).toMatchObject({ body: { text: "Look here", mediaId: "m" } });
});

test("a note that is taken up from a draft calls whoever stands in it", async () => {
  answers["/api/conversations/{id}/draft"] = { text: "@Bob please look", note: true, updatedAt: "" };
  const sent: Content[] = [];
  const field = open(async ({ content }) => {
    sent.push(content);
    return {} as Message;
  });
  await waitFor(() => expect(field.value).toBe("@Bob please look"));
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Add note" });
  await waitFor(() => expect(save.disabled).toBe(false));
  fireEvent.click(save);
  await waitFor(() => expect(outbox.sends.get()).toEqual([]));
  expect(sent).toEqual([{ kind: "note", text: "@Bob please look", mentions: ["bob"] }]);
});

test("a note that calls somebody waits for the names of the members", async () => {
  answers["/api/conversations/{id}/draft"] = { text: "@Bob please look", note: true, updatedAt: "" };
  let release: (members: unknown) => void = () => {};
  answers["/api/members"] = new Promise((done) => (release = done));
  const field = open();
  await waitFor(() => expect(field.value).toBe("@Bob please look"));
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Add note" });
  expect(save.disabled).toBe(true);
  release({ items: [] });
  await waitFor(() => expect(save.disabled).toBe(false));
});
