import { useEffect, useState } from "react";
import type { Message } from "~/api/rows";

/** How many messages of others came since one began to write. */
export function useNewer(messages: readonly Message[], writing: boolean, me: string) {
  const [since, setSince] = useState<number>();
  const newest = messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    // A draft may be there before the thread is: until then nothing tells what is new.
    if (writing && since === undefined && newest > 0) setSince(newest);
    if (!writing && since !== undefined) setSince(undefined);
  }, [writing, since, newest]);
  const isNews = (one: Message) =>
    one.direction === "INBOUND" ||
    (one.direction === "OUTBOUND" && one.sender.type === "member" && one.sender.id !== me);
  const count =
    since === undefined
      ? 0
      : messages.filter(
          (one) =>
            one.seq > since && isNews(one) && one.messageType !== "SYSTEM" && one.messageType !== "REACTION",
        ).length;
  return { count, reset: () => setSince(newest) };
}
