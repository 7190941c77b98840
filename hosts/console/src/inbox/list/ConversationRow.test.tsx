import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Conversation } from "~/api/rows";
import { ConversationRow } from "./ConversationRow";

const row = {
  id: "1",
  participantDisplayName: "Anna \u202EgreB",
  channelType: "LINE",
  channelAccountName: "\u2067Shop",
  leadStatus: "NEW",
  status: "OPEN",
  threadType: "DIRECT",
  unreadCount: 0,
  lastMessageAt: "2027-01-01T00:00:00Z",
  lastMessagePreview: "[file] a\u202Efdp.exe",
} as unknown as Conversation;

test("the name, the preview and the account of a row turn nothing around, each in a place of its own", () => {
  const { container } = render(<ConversationRow row={row} now={Date.parse("2027-01-01T01:00:00Z")} />);
  const given = [...container.querySelectorAll("bdi")].map((one) => one.textContent);
  expect(given).toEqual(["Anna greB", "File afdp.exe", "Shop"]);
  expect(container.textContent).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
});
