import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { Sheet } from "~/ui/Page";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { NewPassword } from "./NewPassword";

const messages = catalogue({
  en: {
    title: "Password",
    intro: "With a new one you are logged out everywhere else.",
    current: "Present password",
    submit: "Change the password",
    refused: "The present password is not right.",
    done: "Your password is changed. Other sessions have ended.",
  },
  th: {
    title: "รหัสผ่าน",
    intro: "เมื่อเปลี่ยนแล้ว อุปกรณ์อื่นจะถูกออกจากระบบ",
    current: "รหัสผ่านปัจจุบัน",
    submit: "เปลี่ยนรหัสผ่าน",
    refused: "รหัสผ่านปัจจุบันไม่ถูกต้อง",
    done: "เปลี่ยนรหัสผ่านแล้ว เซสชันอื่นสิ้นสุดแล้ว",
  },
});

export function ChangePassword() {
  const t = useMessages(messages);
  const words = useProblemWords();
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/auth/change-password", { body: { currentPassword: current, newPassword: next } }),
      ),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      toast("done", t.done);
      return client.invalidateQueries({ queryKey: keys.sessions });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const problem = change.error ? problemOf(change.error) : undefined;
  const ofNew = problem?.field === "newPassword" ? words(problem) : undefined;
  const ofCurrent = problem?.field === "currentPassword" ? t.refused : undefined;
  return (
    <Sheet title={t.title} intro={t.intro}>
      <form onSubmit={submit} className="flex max-w-sm flex-col gap-4">
        {problem && !ofNew && !ofCurrent && <Notice tone="danger">{words(problem)}</Notice>}
        <TextField
          label={t.current}
          type="password"
          name="current-password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={ofCurrent}
        />
        <NewPassword value={next} onChange={setNext} error={ofNew} />
        <Button type="submit" look="primary" busy={change.isPending} className="self-start">
          {t.submit}
        </Button>
      </form>
    </Sheet>
  );
}
