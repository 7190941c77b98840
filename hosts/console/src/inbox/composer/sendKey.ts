import type { SendKey } from "~/state/preferences";

type Press = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing" | "keyCode"
>;

// What browsers give as the code of a key that an input method took; some say so only by this.
const TAKEN_BY_INPUT_METHOD = 229;

/** Whether a press sends. While an input method composes, Enter is its own. */
export function sends(press: Press, by: SendKey): boolean {
  if (press.isComposing || press.keyCode === TAKEN_BY_INPUT_METHOD) return false;
  if (press.key !== "Enter" || press.altKey) return false;
  const mod = press.ctrlKey || press.metaKey;
  return by === "enter" ? mod || !press.shiftKey : mod;
}
