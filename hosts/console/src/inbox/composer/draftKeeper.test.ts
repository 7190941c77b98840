import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "~/api/problem";
import { DraftKeeper, type DraftText, joined } from "./draftKeeper";

function door(stored: DraftText | null = null) {
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
    read: () => call("read").then(() => stored),
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
    const keeper = new DraftKeeper(to, null);
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
    const one = new DraftKeeper(first, null);
    const leave = one.attend();
    one.change(text("for the first"));
    leave();
    const other = new DraftKeeper(second, null);
    other.change(text("for the second"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(first.calls).toEqual(["put for the first"]);
    expect(second.calls).toEqual(["put for the second"]);
  });

  it("never has two requests at once, and ends with the last word", async () => {
    const to = door();
    const open = to.hold();
    const keeper = new DraftKeeper(to, null);
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
    const keeper = new DraftKeeper({ ...to, put }, null);
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
    const keeper = new DraftKeeper(refusing, null);
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
    const keeper = new DraftKeeper(to, null);
    keeper.change(text("one"));
    await vi.advanceTimersByTimeAsync(800);
    to.fail(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(to.calls).toEqual(["put one", "put one"]);
  });

  it("is tried again also when its conversation was left, and only then is there nothing left to do", async () => {
    const to = door();
    const idle = vi.fn();
    const keeper = new DraftKeeper(to, null, idle);
    const leave = keeper.attend();
    keeper.change(text("one"));
    to.fail(true);
    leave();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(to.calls).toEqual(["put one", "put one", "put one"]);
    expect(idle).not.toHaveBeenCalled();
    to.fail(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(to.calls).toHaveLength(4);
    expect(idle).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toHaveLength(4);
  });

  it("goes in the end also when it was sent, could not be taken back, and its conversation was left", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, text("hello"));
    const leave = keeper.attend();
    to.fail(true);
    keeper.change(text(""));
    leave();
    await vi.advanceTimersByTimeAsync(1_000);
    to.fail(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(to.calls).toEqual(["remove", "remove"]);
  });

  it("goes on while somebody is back, and while what the server does not take stands there", async () => {
    const to = door();
    const idle = vi.fn();
    const refusal = new ApiProblem({ code: "validation_failed", status: 422, words: "too long" });
    const keeper = new DraftKeeper({ ...to, put: () => Promise.reject(refusal) }, null, idle);
    keeper.attend()();
    const leave = keeper.attend();
    await vi.advanceTimersByTimeAsync(0);
    expect(idle).not.toHaveBeenCalled();
    keeper.change(text("far too long"));
    leave();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(idle).not.toHaveBeenCalled();
    expect(keeper.written.get()).toEqual(text("far too long"));
  });

  it("is not sent in the name of the next member", async () => {
    const to = door();
    const [waits, tries] = [new DraftKeeper(to, null), new DraftKeeper(to, null)];
    waits.change(text("waits"));
    tries.change(text("tries"));
    to.fail(true);
    void tries.flush();
    await vi.advanceTimersByTimeAsync(0);
    for (const keeper of [waits, tries]) keeper.forget();
    void waits.flush();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toEqual(["put tries"]);
  });
});

describe("a draft that is begun before it is known what the server has", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is written only when that is known, behind what was there", async () => {
    const to = door({ ...text("Stored."), mediaId: "m" });
    const open = to.hold();
    const keeper = new DraftKeeper(to, undefined);
    keeper.change(text("typed"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(to.calls).toEqual(["read"]);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(to.calls).toEqual(["read", "put Stored.\ntyped"]);
    expect(keeper.written.get()).toEqual({ ...text("Stored.\ntyped"), mediaId: "m" });
  });

  it("needs no question of its own when somebody else had the answer", async () => {
    const to = door();
    const keeper = new DraftKeeper(to, undefined);
    keeper.change(text("typed"));
    keeper.learn(text("Stored."));
    keeper.change(text("Stored.\ntyped on"));
    keeper.learn(text("Stored."));
    await vi.advanceTimersByTimeAsync(800);
    expect(to.calls).toEqual(["put Stored.\ntyped on"]);
  });

  it("leaves alone what was there when it was sent before", async () => {
    const to = door(text("Stored."));
    const keeper = new DraftKeeper(to, undefined);
    keeper.change(text("yes"));
    keeper.change(text(""));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toEqual(["read"]);
    expect(keeper.written.get()).toEqual(text("Stored."));
  });

  it("overwrites nothing while the server cannot be asked", async () => {
    const to = door(text("Stored."));
    to.fail(true);
    const keeper = new DraftKeeper(to, undefined);
    const leave = keeper.attend();
    keeper.change(text("typed"));
    leave();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(to.calls).toEqual(["read", "read"]);
    to.fail(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(to.calls.slice(2)).toEqual(["read", "put Stored.\ntyped"]);
  });

  it("asks nothing where nothing is written", async () => {
    const to = door();
    const idle = vi.fn();
    new DraftKeeper(to, undefined, idle).attend()();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(to.calls).toEqual([]);
    expect(idle).toHaveBeenCalledOnce();
  });

  it("is a note when either is: words among colleagues get into no reply", () => {
    const note = { text: "Do not tell him.", note: true };
    expect(joined(note, text("Hello")).note).toBe(true);
    expect(joined(text("Hello"), note).note).toBe(true);
    expect(joined(text("Hello"), text("there")).note).toBe(false);
  });

  it("goes with the file that was attached last", () => {
    const withFile = (mediaId: string) => ({ ...text("look"), mediaId });
    expect(joined(withFile("stored"), withFile("new")).mediaId).toBe("new");
    expect(joined(withFile("stored"), text("")).mediaId).toBe("stored");
  });
});
