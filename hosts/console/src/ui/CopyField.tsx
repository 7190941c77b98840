import { Check, Copy } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { IconButton } from "./IconButton";

const messages = catalogue({
  en: { copy: "Copy", copied: "Copied", select: "Select the text and copy it" },
  th: { copy: "คัดลอก", copied: "คัดลอกแล้ว", select: "โปรดเลือกข้อความแล้วคัดลอก" },
});

/** A text to be taken elsewhere, with a button that copies it. */
export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  const t = useMessages(messages);
  const id = useId();
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");

  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2_500);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setState("copied"),
      () => setState("refused"),
    );

  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      <div className="flex items-center gap-1">
        <input
          id={id}
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
          className="touch-target h-9 w-full min-w-0 rounded-lg border border-line bg-sunken px-3 font-mono text-sm text-ink"
        />
        <IconButton label={t.copy} onClick={() => void copy()}>
          {state === "copied" ? <Check size={16} className="text-ok" /> : <Copy size={16} />}
        </IconButton>
      </div>
      <p role="status" className="text-sm text-ink-faint empty:hidden">
        {state === "copied" ? t.copied : state === "refused" ? t.select : (hint ?? "")}
      </p>
    </div>
  );
}
