import { useMutation } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { AuthForm, AuthLink } from "~/account/AuthForm";
import { answer, api } from "~/api/client";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { AuthFrame } from "~/ui/AuthFrame";
import { TextField } from "~/ui/Field";
import { LanguageChoice } from "~/ui/LanguageChoice";
import { useProblemWords } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "Set a new password",
    intro: "We send you a link by which you can choose another one.",
    email: "E-mail address",
    submit: "Send the link",
    sentTitle: "Look into your mail",
    sent: (email: string) => `If ${email} belongs to somebody here, a link is on its way. It works once.`,
    back: "Back to log in",
  },
  th: {
    title: "ตั้งรหัสผ่านใหม่",
    intro: "เราจะส่งลิงก์ให้คุณเพื่อเลือกรหัสผ่านใหม่",
    email: "อีเมล",
    submit: "ส่งลิงก์",
    sentTitle: "โปรดดูอีเมลของคุณ",
    sent: (email: string) => `ถ้า ${email} เป็นของผู้ใช้ที่นี่ ลิงก์กำลังส่งไปถึง ลิงก์ใช้ได้ครั้งเดียว`,
    back: "กลับไปหน้าเข้าสู่ระบบ",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const words = useProblemWords();
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => answer(api.POST("/api/auth/forgot", { body: { email } })),
  });
  const back = <AuthLink to="/login">{t.back}</AuthLink>;

  if (ask.isSuccess) {
    return (
      <AuthFrame title={t.sentTitle} foot={<LanguageChoice />}>
        <div role="status" className="flex flex-col gap-4">
          <MailCheck size={32} className="text-ok" aria-hidden="true" />
          <p className="text-base break-words text-ink-soft">{t.sent(email)}</p>
          {back}
        </div>
      </AuthFrame>
    );
  }
  return (
    <AuthForm
      title={t.title}
      intro={t.intro}
      submit={t.submit}
      busy={ask.isPending}
      onSubmit={() => ask.mutate()}
      problem={ask.error ? words(ask.error) : undefined}
      instead={back}
    >
      <TextField
        label={t.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        className="h-10"
      />
    </AuthForm>
  );
}
