import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { keys } from "~/api/keys";
import type { Permission } from "~/api/people";
import { setPreferences } from "~/state/preferences";
import { Permitted } from "./Permitted";

function show(permissions: Permission[] | undefined) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (permissions) client.setQueryData(keys.me, { permissions });
  return render(
    <QueryClientProvider client={client}>
      <Permitted permission="audit:read">the log</Permitted>
    </QueryClientProvider>,
  );
}

describe("what needs a permission", () => {
  afterEach(() => {
    cleanup();
    setPreferences({ language: "en" });
  });

  it("is there for whoever has it", () => {
    show(["audit:read"]);
    expect(screen.queryByText("the log")).not.toBeNull();
  });
  it("is not there for others, who are told so in their language", () => {
    setPreferences({ language: "th" });
    show(["inbox:read"]);
    expect(screen.queryByText("the log")).toBeNull();
    expect(screen.queryByText("บทบาทของคุณเปิดหน้านี้ไม่ได้")).not.toBeNull();
  });
  it("is not there while nobody knows yet", () => {
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
    show(undefined);
    expect(screen.queryByText("the log")).toBeNull();
    expect(screen.queryByRole("status")).not.toBeNull();
    vi.unstubAllGlobals();
  });
});
