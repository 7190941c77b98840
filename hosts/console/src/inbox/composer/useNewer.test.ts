import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Message } from "~/api/rows";
import { useNewer } from "./useNewer";

const message = (seq: number) =>
  ({ seq, direction: "INBOUND", messageType: "TEXT", sender: { type: "contact" } }) as unknown as Message;

test("what a draft found when the page was opened is not newer than the draft", () => {
  const { result, rerender } = renderHook(({ messages }) => useNewer(messages, true, "me"), {
    initialProps: { messages: [] as Message[] },
  });
  rerender({ messages: [message(1), message(2)] });
  expect(result.current.count).toBe(0);
  rerender({ messages: [message(1), message(2), message(3)] });
  expect(result.current.count).toBe(1);
});
