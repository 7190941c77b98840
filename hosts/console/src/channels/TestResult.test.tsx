import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Schemas } from "~/api/rows";
import { TestResult } from "./TestResult";
import type { useChannelTest } from "./useChannelTest";

type Test = ReturnType<typeof useChannelTest>;
const result = (more: Partial<Schemas["ChannelTest"]>): Schemas["ChannelTest"] => ({
  channel: { status: "ACTIVE" } as Schemas["Channel"],
  check: { ok: true },
  healthy: true,
  expectedWebhookUrl: "https://chat.example/webhooks/line/key",
  ...more,
});
const show = (data: Schemas["ChannelTest"], mutate = vi.fn()) => {
  render(<TestResult test={{ isPending: false, error: null, data, mutate } as unknown as Test} />);
  return mutate;
};

describe("the result of a channel's test", () => {
  afterEach(cleanup);

  it("says that all is well, and what is used of the allowance", () => {
    show(result({ check: { ok: true, displayName: "Shop", quota: { used: 12, limit: 500 } } }));
    expect(screen.queryByText("All is well: messages can come in and go out.")).not.toBeNull();
    expect(screen.queryByText("12 of 500 messages of the monthly allowance are used.")).not.toBeNull();
    expect(screen.queryByText("Set our address there")).toBeNull();
  });
  it("offers to set our address where the provider has another", () => {
    const mutate = show(result({ healthy: false, check: { ok: true, webhookUrl: "https://old.example/" } }));
    expect(screen.queryByText(/another address: https:\/\/old\.example\//)).not.toBeNull();
    fireEvent.click(screen.getByText("Set our address there"));
    expect(mutate).toHaveBeenCalledWith(true);
  });
  it("tells the provider's own words when it refuses", () => {
    const channel = { status: "UNAUTHORIZED" } as Schemas["Channel"];
    show(result({ channel, healthy: false, check: { ok: false, error: "token expired" } }));
    expect(screen.queryByText(/It says: token expired/)).not.toBeNull();
  });
});
