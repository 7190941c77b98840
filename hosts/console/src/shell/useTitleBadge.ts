import { useEffect } from "react";
import { useCounts } from "~/inbox/queries";

/** How many conversations that are mine, or nobody's, have something unread: in the title of the tab. */
export function useTitleBadge(): void {
  const counts = useCounts().data;
  const unread = (counts?.mine.unread ?? 0) + (counts?.unassigned.unread ?? 0);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) hubchat` : "hubchat";
    return () => {
      document.title = "hubchat";
    };
  }, [unread]);
}
