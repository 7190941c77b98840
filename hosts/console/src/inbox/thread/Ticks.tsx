import { Check, CheckCheck, CircleAlert, CircleHelp, Clock3 } from "lucide-react";
import type { Message } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { threadMessages } from "./messages";

/** How far a message of ours has come, as a sign and in words for those who hear it. */
export function Ticks({ status }: { status: Message["deliveryStatus"] | "SENDING" }) {
  const t = useMessages(threadMessages);
  const signs = {
    SENDING: { icon: Clock3, words: t.sending, look: "" },
    QUEUED: { icon: Clock3, words: t.queued, look: "" },
    SENT: { icon: Check, words: t.sent, look: "" },
    DELIVERED: { icon: CheckCheck, words: t.delivered, look: "" },
    READ: { icon: CheckCheck, words: t.read, look: "text-tick-read" },
    FAILED: { icon: CircleAlert, words: t.failed, look: "text-danger" },
    UNCERTAIN: { icon: CircleHelp, words: t.uncertain, look: "text-warn" },
  } as const;
  const { icon: Icon, words, look } = signs[status];
  return (
    <span role="img" aria-label={words} title={words} data-status={status} className={look}>
      <Icon size={14} strokeWidth={2.3} aria-hidden="true" />
    </span>
  );
}
