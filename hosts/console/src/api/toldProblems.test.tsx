import { readdirSync, readFileSync } from "node:fs";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sessions } from "~/account/Sessions";
import { downloadAudit } from "~/audit/download";
import { session } from "~/auth/session";
import { Teams } from "~/members/Teams";
import { forgetMember } from "~/state/member";
import { setPreferences } from "~/state/preferences";
import { Toasts } from "~/ui/toasts";
import { api } from "./client";
import { keys } from "./keys";
import { problemSentences } from "./problemWords";

const refusal = { code: "forbidden", title: "You may not do this", status: 403 };
const THAI = "บทบาทของคุณทำสิ่งนี้ไม่ได้";

beforeEach(() => {
  setPreferences({ language: "th" });
  vi.spyOn(api, "DELETE").mockResolvedValue({
    error: refusal,
    response: new Response(null, { status: 403 }),
  } as never);
});
afterEach(() => {
  cleanup();
  // With what was told to them.
  forgetMember();
  setPreferences({ language: "en" });
});

function show(screen: ReactNode, data: [readonly unknown[], unknown][]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  for (const [key, value] of data) client.setQueryData(key, value);
  render(
    <QueryClientProvider client={client}>
      {screen}
      <Toasts />
    </QueryClientProvider>,
  );
}

// The first of this file: later ones find the words loaded.
test("a refused download has its words when it is told", async () => {
  expect(problemSentences.get()).toBeUndefined();
  vi.spyOn(session, "fetch").mockResolvedValue(new Response(JSON.stringify(refusal), { status: 403 }));
  await expect(downloadAudit({}, "csv")).rejects.toMatchObject({ code: "forbidden" });
  expect(problemSentences.get()).toBeDefined();
});

test("a log-in that could not be ended is told in the reader's language", async () => {
  const one = { id: "s", current: false, lastUsedAt: "2027-01-01T00:00:00Z", userAgent: "" };
  vi.spyOn(api, "GET").mockResolvedValue({ data: { items: [one] }, response: new Response() } as never);
  show(<Sessions />, []);
  fireEvent.click(await screen.findByRole("button"));
  await screen.findByText(THAI);
});

test("so is a member who could not be taken out of a team", async () => {
  show(<Teams />, [
    [keys.me, { permissions: ["members:manage"] }],
    [keys.members, [{ id: "a", name: "Ann", status: "ACTIVE" }]],
    [keys.teams, [{ id: "t", name: "Day", memberIds: ["a"] }]],
  ]);
  fireEvent.click(screen.getByRole("button", { name: "นำ Ann ออกจาก Day" }));
  await screen.findByText(THAI);
});

test("no screen tells a problem in the server's own words", () => {
  const screens = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
  );
  expect(screens.length).toBeGreaterThan(100);
  const raw = screens.filter((name) => /problemOf\(\w+\)\.message/.test(readFileSync(`src/${name}`, "utf8")));
  expect(raw).toEqual([]);
});
