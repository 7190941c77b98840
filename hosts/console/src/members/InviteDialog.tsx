import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { useMay } from "~/api/people";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { SelectField, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { type Role, roleHints, roleMessages, rolesToGive } from "./roles";

const messages = catalogue({
  en: {
    title: "Invite a colleague",
    intro: "They get a mail with a link, and choose their password themselves.",
    name: "Name",
    email: "E-mail address",
    role: "Role",
    submit: "Send the invitation",
    exists: "Somebody with this address is a member already.",
    done: (name: string) => `${name} is invited.`,
  },
  th: {
    title: "เชิญเพื่อนร่วมงาน",
    intro: "ระบบจะส่งอีเมลพร้อมลิงก์ให้ และเขาจะตั้งรหัสผ่านเอง",
    name: "ชื่อ",
    email: "อีเมล",
    role: "บทบาท",
    submit: "ส่งคำเชิญ",
    exists: "มีสมาชิกที่ใช้อีเมลนี้อยู่แล้ว",
    done: (name: string) => `เชิญ ${name} แล้ว`,
  },
});

export function InviteDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useMessages(messages);
  const roles = useMessages(roleMessages);
  const hints = useMessages(roleHints);
  const words = useProblemWords();
  const mayMakeOwners = useMay("owners:manage");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("SALES");

  const invite = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/members", { body: { name: name.trim(), email: email.trim(), role } })),
    onSuccess: (member) => {
      toast("done", t.done(member.name));
      close();
      return client.invalidateQueries({ queryKey: keys.members });
    },
  });
  const close = () => {
    invite.reset();
    setName("");
    setEmail("");
    onClose();
  };
  const problem = invite.error ? problemOf(invite.error) : undefined;
  const ofField = (field: string) => {
    if (problem?.code === "member_exists") return field === "email" ? t.exists : undefined;
    return problem?.field === field ? words(problem) : undefined;
  };
  const general = problem && !ofField("name") && !ofField("email") && !ofField("role");

  return (
    <FormDialog
      open={open}
      onClose={close}
      title={t.title}
      description={t.intro}
      submit={t.submit}
      busy={invite.isPending}
      onSubmit={() => invite.mutate()}
      problem={general ? words(problem) : undefined}
    >
      <TextField
        label={t.name}
        required
        maxLength={200}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={ofField("name")}
      />
      <TextField
        label={t.email}
        type="email"
        required
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={ofField("email")}
      />
      <SelectField
        label={t.role}
        hint={hints[role]}
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
        error={ofField("role")}
      >
        {rolesToGive(mayMakeOwners).map((one) => (
          <option key={one} value={one}>
            {roles[one]}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
