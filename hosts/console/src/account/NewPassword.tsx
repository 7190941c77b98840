import { useState } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { TextField } from "~/ui/Field";

const messages = catalogue({
  en: {
    label: "New password",
    hint: "At least 12 characters. A few words of your own make a good one.",
    short: (left: number) => `${left} more ${left === 1 ? "character" : "characters"}.`,
    show: "Show password",
  },
  th: {
    label: "รหัสผ่านใหม่",
    hint: "อย่างน้อย 12 ตัวอักษร ใช้หลายคำที่จำได้ง่ายก็ได้",
    short: (left: number) => `ต้องการอีก ${left} ตัวอักษร`,
    show: "แสดงรหัสผ่าน",
  },
});

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

/** A field for a new password, which can be looked at. The rule is the server's. */
export function NewPassword({
  value,
  onChange,
  label,
  hint,
  error,
  checksLength = true,
}: {
  value: string;
  onChange(value: string): void;
  label?: string;
  hint?: string;
  error?: string | undefined;
  /** False where it may be a password of before, which may follow older rules. */
  checksLength?: boolean;
}) {
  const t = useMessages(messages);
  const [shown, setShown] = useState(false);
  const left = SHORTEST_PASSWORD - [...value].length;
  return (
    <div className="flex flex-col gap-1.5">
      <TextField
        label={label ?? t.label}
        type={shown ? "text" : "password"}
        name="new-password"
        autoComplete="new-password"
        required
        minLength={checksLength ? SHORTEST_PASSWORD : 1}
        maxLength={LONGEST_PASSWORD}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        hint={checksLength && value !== "" && left > 0 ? t.short(left) : (hint ?? t.hint)}
        error={error}
        className="h-10"
      />
      <label className="flex items-center gap-2 text-sm text-ink-soft">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setShown(event.target.checked)}
          className="size-4 accent-accent"
        />
        {t.show}
      </label>
    </div>
  );
}
