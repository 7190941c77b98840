import { CheckCircle2, WifiOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { connectionView } from "~/realtime/connection";
import { useStore } from "~/state/store";

const messages = catalogue({
  en: {
    reconnecting: "Connection lost. Reconnecting…",
    connecting: "No live updates yet. Connecting…",
    caughtUp: "Back online. Everything until now is shown; what is still in work follows.",
    caughtUpNew: (count: number) =>
      `Back online. ${count === 1 ? "1 new message" : `${count} new messages`} so far; what is still in work follows.`,
  },
  th: {
    reconnecting: "การเชื่อมต่อขาดหาย กำลังเชื่อมต่อใหม่…",
    connecting: "ยังไม่มีการอัปเดตสด กำลังเชื่อมต่อ…",
    caughtUp: "กลับมาออนไลน์แล้ว แสดงทุกอย่างจนถึงตอนนี้ ข้อความที่ยังประมวลผลอยู่จะตามมา",
    caughtUpNew: (count: number) => `กลับมาออนไลน์แล้ว มีข้อความใหม่ ${count} ข้อความ ข้อความที่ยังประมวลผลอยู่จะตามมา`,
  },
});

// What is told of a return is what can be known: that all events up to now have come. What a customer wrote may still
// be in work at the server, which after a crash takes it up again only in a while, and comes as any other event.

// A connection that comes back at once is no news.
const PATIENCE_MS = 1_500;
const SHOWN_MS = 4_000;

/** Says when what is on the page may be old, and when it is not any more. */
export function ConnectionBanner() {
  const t = useMessages(messages);
  const { phase, wasLive, caughtUp } = useStore(connectionView);
  const [late, setLate] = useState(false);
  const told = useRef(false);
  const [back, setBack] = useState<number>();
  const down = phase !== "live" && phase !== "off";

  useEffect(() => {
    if (!down) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => {
      setLate(true);
      told.current = true;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [down]);

  const at = caughtUp?.at;
  useEffect(() => {
    // Only those who were told of a break are told of its end.
    if (at === undefined || !told.current) return;
    told.current = false;
    setBack(at);
    const timer = setTimeout(() => setBack(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [at]);

  const words = late
    ? wasLive
      ? t.reconnecting
      : t.connecting
    : back !== undefined && caughtUp
      ? caughtUp.messages > 0
        ? t.caughtUpNew(caughtUp.messages)
        : t.caughtUp
      : "";
  return (
    <div role="status" aria-live="polite" className="shrink-0">
      {words && (
        <p
          className={
            late
              ? "flex items-center justify-center gap-2 bg-warn-soft px-3 py-1 text-sm font-medium text-warn"
              : "flex items-center justify-center gap-2 bg-ok-soft px-3 py-1 text-sm font-medium text-ok"
          }
        >
          {late ? <WifiOff size={14} aria-hidden="true" /> : <CheckCircle2 size={14} aria-hidden="true" />}
          {words}
        </p>
      )}
    </div>
  );
}
