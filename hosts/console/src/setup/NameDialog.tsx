import { type FormEvent, useId, useState } from "react";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useSaveSettings } from "~/settings/useSaveSettings";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";

const messages = catalogue({
  en: {
    title: "What is your shop called?",
    intro: "Your colleagues read it here and in mail. You can change it in the settings at any time.",
    name: "Name",
    cancel: "Cancel",
    save: "Save",
    saved: "Saved.",
  },
  th: {
    title: "ร้านของคุณชื่ออะไร",
    intro: "เพื่อนร่วมงานจะเห็นชื่อนี้ที่นี่และในอีเมล เปลี่ยนได้ทุกเมื่อในการตั้งค่า",
    name: "ชื่อ",
    cancel: "ยกเลิก",
    save: "บันทึก",
    saved: "บันทึกแล้ว",
  },
});

/** Asks for the name of the tenant. */
export function NameDialog({ name: known, onClose }: { name: string; onClose(): void }) {
  const t = useMessages(messages);
  const words = useProblemWords();
  const form = useId();
  const [name, setName] = useState(known);
  const save = useSaveSettings({
    onSaved: () => {
      toast("done", t.saved);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim() });
  };
  const problem = save.error ? problemOf(save.error) : undefined;
  const ofName = problem?.field === "name" ? words(problem) : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title}
      description={t.intro}
      actions={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={save.isPending}>
            {t.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {problem && !ofName && <Notice tone="danger">{words(problem)}</Notice>}
        <TextField
          label={t.name}
          required
          maxLength={200}
          autoComplete="organization"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={ofName}
        />
      </form>
    </Dialog>
  );
}
