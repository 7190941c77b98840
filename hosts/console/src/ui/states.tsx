import { CircleAlert, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { problemOf } from "~/api/problem";
import { loadProblemWords, problemSentences, problemWords } from "~/api/problemWords";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useLanguage } from "~/i18n/moments";
import { useStore } from "~/state/store";
import { Button } from "./Button";

const messages = catalogue({
  en: {
    retry: "Try again",
    failed: "This could not be loaded",
    offline: "hubchat cannot be reached. Check the connection.",
    unavailable: "hubchat does not answer at present.",
    request: (id: string) => `Request ${id}`,
  },
  th: {
    retry: "ลองอีกครั้ง",
    failed: "โหลดข้อมูลไม่สำเร็จ",
    offline: "เชื่อมต่อ hubchat ไม่ได้ โปรดตรวจสอบอินเทอร์เน็ต",
    unavailable: "ขณะนี้ hubchat ไม่ตอบสนอง",
    request: (id: string) => `คำขอ ${id}`,
  },
});

/** The problem's own words, in the reader's language where the console has its own. */
export function useProblemWords(): (error: unknown) => string {
  const t = useMessages(messages);
  const language = useLanguage();
  // Drawn again once they are loaded; and who asks later, as a toast does, gets them too.
  useStore(problemSentences);
  return (error) => {
    const problem = problemOf(error);
    if (problem.code === "offline") return t.offline;
    // An answer of something between here and hubchat, which has no words of its own.
    if (problem.code.startsWith("http_5")) return t.unavailable;
    void loadProblemWords();
    return problemWords(problem, language, problemSentences.get());
  };
}

/** A place that could not be filled: why, and another try. */
export function ErrorState({
  error,
  onRetry,
  compact = false,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** For a small part of a screen: a line instead of a page. */
  compact?: boolean;
}) {
  const t = useMessages(messages);
  const words = useProblemWords();
  const { requestId } = problemOf(error);
  if (compact) {
    return (
      <p role="alert" title={requestId && t.request(requestId)} className="text-sm text-ink-soft">
        <CircleAlert size={14} className="mr-1 inline align-[-2px] text-danger" aria-hidden="true" />
        {words(error)}{" "}
        {onRetry && (
          <button type="button" onClick={onRetry} className="touch-target font-medium text-accent underline">
            {t.retry}
          </button>
        )}
      </p>
    );
  }
  return (
    <div role="alert" className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center">
      <CircleAlert size={26} className="text-danger" aria-hidden="true" />
      <p className="text-base font-semibold text-ink">{t.failed}</p>
      <p className="max-w-80 text-base break-words text-ink-soft">{words(error)}</p>
      {requestId && <p className="text-xs break-all text-ink-faint">{t.request(requestId)}</p>}
      {onRetry && (
        <Button size="sm" className="mt-1" onClick={onRetry}>
          <RotateCcw size={14} aria-hidden="true" />
          {t.retry}
        </Button>
      )}
    </div>
  );
}

/** A place with nothing in it, and what that means. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-1.5 p-6 text-center">
      {icon && <span className="mb-1 text-ink-faint">{icon}</span>}
      <p className="text-base font-semibold text-ink">{title}</p>
      {children && <div className="max-w-72 text-base text-ink-soft">{children}</div>}
    </div>
  );
}
