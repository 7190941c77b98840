import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { CheckField } from "~/ui/CheckField";
import { SelectField, TextArea, TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { Sheet } from "~/ui/Page";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import {
  changesOf,
  type NumberSetting,
  numberSettings,
  readNumber,
  readOrigins,
  settingMessages,
  showNumber,
  type TenantSettings,
} from "./fields";
import { useSaveSettings } from "./useSaveSettings";

const messages = catalogue({
  en: {
    company: "The company",
    people: "What people see",
    customers: "What customers see",
    keeping: "Keeping",
    limits: "Limits",
    api: "Programs",
    save: "Save",
    saved: "Saved. It holds everywhere within five seconds.",
    same: "Nothing has changed.",
    number: (least: string, most: string) => `A whole number from ${least} to ${most}, or nothing.`,
    megabytes: "A number up to 1,024, or nothing.",
    nameless: "A name has at least one letter.",
    origin: (line: string) => `“${line}” is no such address.`,
    changed: "Somebody else changed the settings meanwhile. Look at theirs, and save again.",
    reload: "Show theirs",
  },
  th: {
    company: "บริษัท",
    people: "สิ่งที่ทีมงานเห็น",
    customers: "สิ่งที่ลูกค้าเห็น",
    keeping: "การเก็บข้อมูล",
    limits: "ขีดจำกัด",
    api: "โปรแกรม",
    save: "บันทึก",
    saved: "บันทึกแล้ว มีผลทุกที่ภายในห้าวินาที",
    same: "ไม่มีอะไรเปลี่ยน",
    number: (least: string, most: string) => `จำนวนเต็มตั้งแต่ ${least} ถึง ${most} หรือเว้นว่าง`,
    megabytes: "ตัวเลขไม่เกิน 1,024 หรือเว้นว่าง",
    nameless: "โปรดใส่ชื่อ",
    origin: (line: string) => `“${line}” ไม่ใช่ที่อยู่ที่ใช้ได้`,
    changed: "มีคนอื่นแก้การตั้งค่าไปแล้ว โปรดดูค่าใหม่แล้วบันทึกอีกครั้ง",
    reload: "แสดงค่าใหม่",
  },
});

const LONGEST_REPLY = 1_000;
const LONGEST_NAME = 200;
const SEEN = ["ALL", "TEAM_AND_UNASSIGNED", "OWN"] as const;

/** All settings of the tenant. What cannot be is told before it is sent; the server checks all the same. */
export function SettingsForm({ stored, version }: { stored: TenantSettings; version: string | undefined }) {
  const t = useMessages(messages);
  const names = useMessages(settingMessages);
  const words = useProblemWords();
  const client = useQueryClient();
  const [wanted, setWanted] = useState(stored);
  const [numbers, setNumbers] = useState(() =>
    Object.fromEntries(
      Object.values(numberSettings).map((one) => [one.name, showNumber(stored[one.name], one)]),
    ),
  );
  const [origins, setOrigins] = useState(stored.allowedOrigins.join("\n"));
  const [errors, setErrors] = useState<Record<string, string>>({});

  // Whoever pressed the button at the end is led to what is wrong above.
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(0);
  useEffect(() => {
    if (tried > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tried]);

  const save = useSaveSettings({ version, onSaved: () => toast("done", t.saved) });

  const problemOfNumber = (setting: NumberSetting) =>
    setting.unit === undefined
      ? t.number(setting.least.toLocaleString(), setting.most.toLocaleString())
      : t.megabytes;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    const next = { ...wanted };
    for (const setting of Object.values(numberSettings)) {
      const value = readNumber(numbers[setting.name] ?? "", setting);
      if (value === undefined) found[setting.name] = problemOfNumber(setting);
      else next[setting.name] = value;
    }
    const read = readOrigins(origins);
    if (next.name.trim() === "") found.name = t.nameless;
    if ("wrong" in read) found.allowedOrigins = t.origin(read.wrong);
    else next.allowedOrigins = read.origins;
    setErrors(found);
    if (Object.keys(found).length > 0) {
      setTried((times) => times + 1);
      return;
    }
    next.name = next.name.trim();
    const changes = changesOf(stored, next);
    if (Object.keys(changes).length === 0) toast("done", t.same);
    else save.mutate(changes);
  };

  const problem = save.error ? problemOf(save.error) : undefined;
  const errorOf = (name: keyof TenantSettings) =>
    errors[name] ?? (problem?.field === name ? words(problem) : undefined);
  const seen = (name: "managersSee" | "salesSee" | "viewersSee") => (
    <SelectField
      key={name}
      label={names[name]}
      hint={names[`${name}Hint`]}
      value={wanted[name]}
      onChange={(event) => setWanted({ ...wanted, [name]: event.target.value as (typeof SEEN)[number] })}
      error={errorOf(name)}
    >
      {SEEN.map((one) => (
        <option key={one} value={one}>
          {names[one]}
        </option>
      ))}
    </SelectField>
  );
  const number = (name: NumberSetting["name"]) => (
    <TextField
      key={name}
      label={names[name]}
      hint={names[`${name}Hint`]}
      inputMode="decimal"
      autoComplete="off"
      value={numbers[name] ?? ""}
      onChange={(event) => setNumbers({ ...numbers, [name]: event.target.value })}
      error={errorOf(name)}
      className="max-w-48"
    />
  );
  const check = (name: "showTyping" | "showSeen") => (
    <CheckField
      label={names[name]}
      hint={names[`${name}Hint`]}
      checked={wanted[name]}
      onChange={(event) => setWanted({ ...wanted, [name]: event.target.checked })}
    />
  );
  const placed = problem?.field !== undefined && problem.field in stored;

  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <Part title={t.company}>
        <TextField
          label={names.name}
          hint={names.nameHint}
          required
          maxLength={LONGEST_NAME}
          autoComplete="organization"
          value={wanted.name}
          onChange={(event) => setWanted({ ...wanted, name: event.target.value })}
          error={errorOf("name")}
        />
      </Part>
      <Part title={t.people}>{(["managersSee", "salesSee", "viewersSee"] as const).map(seen)}</Part>
      <Part title={t.customers}>
        {check("showTyping")}
        {check("showSeen")}
        <TextArea
          label={names.publicReplyText}
          hint={names.publicReplyTextHint}
          maxLength={LONGEST_REPLY}
          value={wanted.publicReplyText ?? ""}
          onChange={(event) => {
            const text = event.target.value;
            setWanted({ ...wanted, publicReplyText: text.trim() === "" ? null : text });
          }}
          error={errorOf("publicReplyText")}
        />
      </Part>
      <Part title={t.keeping}>{number("retentionDays")}</Part>
      <Part title={t.limits}>
        {(
          [
            "requestsPerMinute",
            "callerRequestsPerMinute",
            "conversationSendsPerMinute",
            "uploadMaxBytes",
          ] as const
        ).map(number)}
      </Part>
      <Part title={t.api}>
        <TextArea
          label={names.allowedOrigins}
          hint={names.allowedOriginsHint}
          spellCheck={false}
          value={origins}
          onChange={(event) => setOrigins(event.target.value)}
          error={errorOf("allowedOrigins")}
          className="font-mono"
        />
      </Part>
      {problem && !placed && (
        <Notice tone="danger">
          {problem.code === "settings_changed" ? (
            <span className="flex flex-wrap items-center gap-2">
              {t.changed}
              <Button size="sm" onClick={() => void client.invalidateQueries({ queryKey: keys.settings })}>
                {t.reload}
              </Button>
            </span>
          ) : (
            words(problem)
          )}
        </Notice>
      )}
      <div className="sticky bottom-0 -mx-1 flex bg-canvas px-1 py-3">
        <Button type="submit" look="primary" busy={save.isPending}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Sheet title={title}>
      <div className="flex max-w-lg flex-col gap-4">{children}</div>
    </Sheet>
  );
}
