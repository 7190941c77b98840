import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "~/api/problem";
import { DraftKeeper } from "./draftKeeper";

function door() {
  const calls: string[] = [];
  let gate: Promise<void> | undefined;
  let broken = false;
  const call = async (name: string) => {
    calls.push(name);
    await gate;
    if (broken) throw new Error("no");
  };
  return {
    calls,
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => (open = resolve));
      return open;
    },
    fail(value: boolean) {
      broken = value;
    },
    put: (draft: { text: string }) => call(`put ${draft.text}`),
    remove: () => call("remove"),
  };
}
const text = (words: string) => ({ text: words, note: false });

describe("a draft", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is kept once the writing pauses", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, undefined);
    for (const words of ["h", "he", "hel"]) {
      keeper.change(text(words));
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(to.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(800);
    expect(to.calls).toEqual(["put hel"]);
  });

  it("is gone at once when it was sent", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, text("hello"));
    keeper.change(text(""));
    await vi.advanceTimersByTimeAsync(0);
    expect(to.calls).toEqual(["remove"]);
  });

  it("is kept at once when the conversation is left, in its own conversation", async () => {
    const [first, second] = [door(), door()];
    const one = new DraftKeeper(first, undefined);
    one.change(text("for the first"));
    void one.stop();
    const other = new DraftKeeper(second, undefined);
    other.change(text("for the second"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(first.calls).toEqual(["put for the first"]);
    expect(second.calls).toEqual(["put for the second"]);
  });

  it("never has two requests at once, and ends with the last word", async () => {
    const to = door();
    const open = to.hold();
    const keeper = new DraftKeeper(to, undefined);
    keeper.change(text("one"));
    await vi.advanceTimersByTimeAsync(800);
    keeper.change(text("two"));
    keeper.change(text("three"));
    await vi.advanceTimersByTimeAsync(800);
    expect(to.calls).toEqual(["put one"]);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(to.calls).toEqual(["put one", "put three"]);
  });

  it("goes when nothing is left of it, and does not go twice", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, text("old"));
    keeper.change(text("  "));
    await vi.advanceTimersByTimeAsync(800);
    keeper.change(text(""));
    await vi.advanceTimersByTimeAsync(800);
    expect(to.calls).toEqual(["remove"]);
  });

  it("is kept for its file alone, and anew when that is another one or none", async () => {
    const to = door();
    const put = async (draft: { text: string; mediaId?: string | undefined }) => {
      to.calls.push(`${draft.text}+${draft.mediaId}`);
    };
    const keeper = new DraftKeeper({ ...to, put }, undefined);
    for (const draft of [
      { ...text(""), mediaId: "a" },
      { ...text("look"), mediaId: "a" },
      { ...text("look"), mediaId: "b" },
      text("look"),
      text(""),
    ]) {
      keeper.change(draft);
      await vi.advanceTimersByTimeAsync(800);
    }
    expect(to.calls).toEqual(["+a", "look+a", "look+b", "look+undefined", "remove"]);
  });

  it("is not written again when it is as it was", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, text("old"));
    keeper.change(text("old!"));
    keeper.change(text("old"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(to.calls).toEqual([]);
  });

  it("is not asked for again once it was refused, until it changes", async () => {
    const to = door();
    const refusing = {
      ...to,
      put: (draft: { text: string }) => to.put(draft).then(() => Promise.reject(refusal)),
    };
    const refusal = new ApiProblem({ code: "forbidden", status: 403, words: "no" });
    const keeper = new DraftKeeper(refusing, undefined);
    keeper.change(text("one"));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toEqual(["put one"]);
    keeper.change(text("two"));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toEqual(["put one", "put two"]);
  });

  it("is tried again when it could not be kept", async () => {
    const to = door();
    to.fail(true);
    const keeper = new DraftKeeper(to, undefined);
    keeper.change(text("one"));
    await vi.advanceTimersByTimeAsync(800);
    to.fail(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(to.calls).toEqual(["put one", "put one"]);
  });
});
