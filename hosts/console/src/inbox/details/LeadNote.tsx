import { useState } from "react";
import { useMay } from "~/api/people";
import { useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { inputLook } from "~/ui/Field";
import { detailMessages } from "./messages";

/** The note on the lead; a new one for each lead (by `key`). */
export function LeadNote({
  note,
  busy,
  onSave,
}: {
  note: string | undefined;
  busy: boolean;
  onSave(note: string | null): void;
}) {
  const t = useMessages(detailMessages);
  const mayChange = useMay("leads:write");
  const [text, setText] = useState<string>();
  const shown = text ?? note ?? "";
  const changed = text !== undefined && text !== (note ?? "");
  return (
    <div className="flex flex-col gap-1.5">
      <textarea
        dir="auto"
        aria-label={t.note}
        placeholder={t.noteHint}
        readOnly={!mayChange}
        value={shown}
        rows={2}
        maxLength={4_000}
        onChange={(event) => setText(event.target.value)}
        className={`${inputLook} field-sizing-content max-h-48 min-h-15 resize-none py-2`}
      />
      {changed && (
        <div className="flex gap-1.5">
          <Button
            size="sm"
            look="primary"
            busy={busy}
            onClick={() => {
              onSave(text.trim() || null);
              setText(undefined);
            }}
          >
            {t.save}
          </Button>
          <Button size="sm" look="quiet" onClick={() => setText(undefined)}>
            {t.cancel}
          </Button>
        </div>
      )}
    </div>
  );
}
