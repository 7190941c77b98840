import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "~/api/rows";
import { ConversationList } from "./ConversationList";
import { ROW_HEIGHT } from "./ConversationRow";

let rows: Conversation[] = [];
let filter = { lane: "all" };
vi.mock("../filter", () => ({
  useConversationFilter: () => filter,
  useMyTeams: () => ({ data: [] }),
  useOpenConversation: () => () => undefined,
}));
vi.mock("../queries", () => ({ useConversationList: () => ({ data: { pages: [{ items: rows }] } }) }));

const row = (id: string) =>
  ({
    id,
    participantDisplayName: id,
    channelType: "LINE",
    channelAccountName: "Shop",
    leadStatus: "NEW",
    status: "OPEN",
    threadType: "DIRECT",
    unreadCount: 0,
    lastMessageAt: "2027-01-01T00:00:00Z",
  }) as unknown as Conversation;

const HEIGHT = 5 * ROW_HEIGHT;
beforeEach(() => {
  rows = Array.from({ length: 200 }, (_, index) => row(`row${index}`));
  filter = { lane: "all" };
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(HEIGHT);
});
afterEach(cleanup);

const box = () => screen.getByRole("listbox");
function scrollTo(index: number) {
  act(() => {
    box().scrollTop = index * ROW_HEIGHT;
    fireEvent.scroll(box());
  });
}
const stops = () =>
  screen
    .getAllByRole("option")
    .filter((one) => one.tabIndex === 0)
    .map((one) => one.dataset.id);

/** A message makes the conversation the first one. */
const toTop = (id: string) => [
  ...rows.filter((one) => one.id === id),
  ...rows.filter((one) => one.id !== id),
];

test("the open conversation is brought into sight once; then the list is the agent's to scroll", () => {
  const { rerender } = render(<ConversationList openId="row50" />);
  expect(box().scrollTop).toBe(51 * ROW_HEIGHT - HEIGHT);

  scrollTo(120);
  rows = toTop("row180");
  rerender(<ConversationList openId="row50" />);
  rows = toTop("row50");
  rerender(<ConversationList openId="row50" />);
  expect(box().scrollTop).toBe(120 * ROW_HEIGHT);

  rerender(<ConversationList openId="row20" />);
  expect(box().scrollTop).toBe(rows.findIndex((one) => one.id === "row20") * ROW_HEIGHT);
});

test("it is brought into sight again in another list", () => {
  const { rerender } = render(<ConversationList openId="row50" />);
  scrollTo(0);
  filter = { lane: "mine" };
  rerender(<ConversationList openId="row50" />);
  expect(box().scrollTop).toBe(51 * ROW_HEIGHT - HEIGHT);
});

test("the Tab key finds a row wherever the list is scrolled to: the one of the keys, else the first in sight", () => {
  render(<ConversationList openId={undefined} />);
  expect(stops()).toEqual(["row0"]);
  scrollTo(100);
  expect(stops()).toEqual(["row100"]);
  act(() =>
    screen
      .getAllByRole("option")
      .find((one) => one.dataset.id === "row102")
      ?.focus(),
  );
  expect(stops()).toEqual(["row102"]);
  scrollTo(10);
  expect(stops()).toEqual(["row10"]);
  scrollTo(99);
  expect(stops()).toEqual(["row102"]);
});
