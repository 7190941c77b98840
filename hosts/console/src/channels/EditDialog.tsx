import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { CredentialFields, type Credentials, filled } from "./CredentialFields";
import { isConnectable } from "./kinds";

const messages = catalogue({
  en: {
    name: "Name",
    rename: (name: string) => `Rename ${name}`,
    credentials: (name: string) => `New credentials for ${name}`,
    credentialsIntro: "The provider is asked about them first. What waits to be sent goes out then.",
    save: "Save",
    saved: "Saved.",
    unchecked: (words: string) => `Saved, but the provider could not be asked: ${words}`,
    none: "Fill in at least one.",
  },
  th: {
    name: "ชื่อ",
    rename: (name: string) => `เปลี่ยนชื่อ ${name}`,
    credentials: (name: string) => `ข้อมูลรับรองใหม่ของ ${name}`,
    credentialsIntro: "ระบบจะสอบถามผู้ให้บริการก่อน แล้วข้อความที่รออยู่จะถูกส่ง",
    save: "บันทึก",
    saved: "บันทึกแล้ว",
    unchecked: (words: string) => `บันทึกแล้ว แต่สอบถามผู้ให้บริการไม่ได้: ${words}`,
    none: "โปรดกรอกอย่างน้อยหนึ่งช่อง",
  },
});

/** Another name, or other credentials, for an account. */
export function EditDialog({
  channel,
  what,
  onClose,
}: {
  channel: Schemas["Channel"];
  what: "name" | "credentials";
  onClose(): void;
}) {
  const t = useMessages(messages);
  const words = useProblemWords();
  const client = useQueryClient();
  const [name, setName] = useState(channel.name);
  const [credentials, setCredentials] = useState<Credentials>({});
  const [empty, setEmpty] = useState(false);
  const save = useMutation({
    mutationFn: (body: Schemas["ChannelPatch"]) =>
      answer(api.PATCH("/api/channels/{id}", { params: { path: { id: channel.id } }, body })),
    onSuccess: async ({ unchecked }) => {
      toast(unchecked ? "failed" : "done", unchecked ? t.unchecked(unchecked) : t.saved);
      await client.invalidateQueries({ queryKey: keys.channels });
      onClose();
    },
  });
  const submit = () => {
    if (what === "name") {
      save.mutate({ name: name.trim() });
      return;
    }
    const given = filled(credentials);
    setEmpty(Object.keys(given).length === 0);
    if (Object.keys(given).length > 0) save.mutate({ credentials: given });
  };
  const problem = save.error ? problemOf(save.error) : undefined;
  const ofName = problem?.field === "name" ? words(problem) : undefined;
  const shown = ofName !== undefined || problem?.field?.startsWith("credentials.");
  return (
    <FormDialog
      open
      onClose={onClose}
      title={what === "name" ? t.rename(channel.name) : t.credentials(channel.name)}
      description={what === "credentials" ? t.credentialsIntro : undefined}
      submit={t.save}
      busy={save.isPending}
      onSubmit={submit}
      problem={empty ? t.none : problem && !shown ? words(problem) : undefined}
    >
      {what === "name" ? (
        <TextField
          label={t.name}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={ofName}
        />
      ) : (
        isConnectable(channel.channelType) && (
          <CredentialFields
            replacing
            type={channel.channelType}
            values={credentials}
            onChange={setCredentials}
            problem={problem}
          />
        )
      )}
    </FormDialog>
  );
}
