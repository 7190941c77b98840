import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { CheckField } from "~/ui/CheckField";
import { CopyField } from "~/ui/CopyField";
import { Dialog } from "~/ui/Dialog";
import { SelectField, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { useProblemWords } from "~/ui/states";
import { endAfter, SCOPES, type Scope, scopeMessages } from "./scopes";

const messages = catalogue({
  en: {
    title: "New API key",
    intro: "For a program of yours. It may do only what you tick.",
    name: "What it is for",
    scopes: "It may",
    one: "Tick at least one.",
    ends: "It ends",
    days: (days: number) => `in ${days} days`,
    never: "never",
    create: "Make the key",
    shownTitle: "Copy the key now",
    shownIntro: "It is shown this once. hubchat keeps no copy that could be read.",
    key: "API key",
    done: "I have copied it",
  },
  th: {
    title: "API key ใหม่",
    intro: "สำหรับโปรแกรมของคุณ ทำได้เฉพาะสิ่งที่คุณเลือก",
    name: "ใช้ทำอะไร",
    scopes: "ทำได้",
    one: "โปรดเลือกอย่างน้อยหนึ่งข้อ",
    ends: "หมดอายุ",
    days: (days: number) => `ใน ${days} วัน`,
    never: "ไม่หมดอายุ",
    create: "สร้างคีย์",
    shownTitle: "โปรดคัดลอกคีย์ตอนนี้",
    shownIntro: "คีย์แสดงเพียงครั้งนี้ hubchat ไม่เก็บสำเนาที่อ่านได้",
    key: "API key",
    done: "คัดลอกแล้ว",
  },
});

const LIVES = [30, 90, 365] as const;

export function NewKeyDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useMessages(messages);
  const names = useMessages(scopeMessages);
  const words = useProblemWords();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["inbox:read"]);
  const [days, setDays] = useState<number | undefined>(90);
  const [none, setNone] = useState(false);

  const create = useMutation({
    // The key is in this component's memory only, and gone when the dialog closes.
    gcTime: 0,
    mutationFn: () => {
      const expiresAt = endAfter(days, Date.now());
      const body = { name: name.trim(), scopes, ...(expiresAt === undefined ? {} : { expiresAt }) };
      return answer(api.POST("/api/keys", { body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const close = () => {
    create.reset();
    setName("");
    setScopes(["inbox:read"]);
    setDays(90);
    onClose();
  };
  const submit = () => {
    setNone(scopes.length === 0);
    if (scopes.length > 0) create.mutate();
  };
  const problem = create.error ? problemOf(create.error) : undefined;
  const ofName = problem?.field === "name" ? words(problem) : undefined;

  if (create.data) {
    return (
      <Dialog
        open={open}
        onClose={close}
        title={t.shownTitle}
        description={t.shownIntro}
        actions={
          <Button look="primary" onClick={close}>
            {t.done}
          </Button>
        }
      >
        <CopyField label={t.key} value={create.data.key} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      open={open}
      onClose={close}
      title={t.title}
      description={t.intro}
      submit={t.create}
      busy={create.isPending}
      onSubmit={submit}
      problem={none ? t.one : problem && !ofName ? words(problem) : undefined}
    >
      <TextField
        label={t.name}
        required
        maxLength={200}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={ofName}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-medium text-ink">{t.scopes}</legend>
        {SCOPES.map((scope) => (
          <CheckField
            key={scope}
            label={names[scope]}
            hint={scope}
            checked={scopes.includes(scope)}
            onChange={(event) =>
              setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))
            }
          />
        ))}
      </fieldset>
      <SelectField
        label={t.ends}
        value={days ?? ""}
        onChange={(event) => setDays(event.target.value === "" ? undefined : Number(event.target.value))}
      >
        {LIVES.map((life) => (
          <option key={life} value={life}>
            {t.days(life)}
          </option>
        ))}
        <option value="">{t.never}</option>
      </SelectField>
    </FormDialog>
  );
}
