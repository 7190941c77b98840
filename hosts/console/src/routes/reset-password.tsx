import { useMutation } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { AuthForm, AuthLink } from "~/account/AuthForm";
import { linkToken } from "~/account/linkToken";
import { NewPassword } from "~/account/NewPassword";
import { answer, api } from "~/api/client";
import { problemOf } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { AuthFrame } from "~/ui/AuthFrame";
import { LanguageChoice } from "~/ui/LanguageChoice";
import { Notice } from "~/ui/Notice";
import { useProblemWords } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "Choose a new password",
    intro: "Everywhere you are logged in now, you are logged out.",
    submit: "Set the password",
    doneTitle: "Your password is set",
    done: "Log in with it now.",
    login: "Log in",
    invalid: "This link is not valid any more. Ask for a new one.",
    again: "Ask for a new link",
  },
  th: {
    title: "เลือกรหัสผ่านใหม่",
    intro: "ทุกที่ที่คุณเข้าสู่ระบบไว้จะถูกออกจากระบบ",
    submit: "ตั้งรหัสผ่าน",
    doneTitle: "ตั้งรหัสผ่านแล้ว",
    done: "เข้าสู่ระบบด้วยรหัสผ่านใหม่ได้เลย",
    login: "เข้าสู่ระบบ",
    invalid: "ลิงก์นี้ใช้ไม่ได้แล้ว โปรดขอลิงก์ใหม่",
    again: "ขอลิงก์ใหม่",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const words = useProblemWords();
  const token = linkToken(useLocation().hash);
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/auth/reset", { body: { token: token ?? "", newPassword: password } })),
  });

  if (reset.isSuccess) {
    return (
      <AuthFrame title={t.doneTitle} foot={<LanguageChoice />}>
        <div role="status" className="flex flex-col gap-4">
          <CircleCheck size={32} className="text-ok" aria-hidden="true" />
          <p className="text-base text-ink-soft">{t.done}</p>
          <Link
            to="/login"
            className="touch-target inline-flex h-10 items-center justify-center rounded-lg bg-accent font-medium text-on-accent hover:bg-accent-strong"
          >
            {t.login}
          </Link>
        </div>
      </AuthFrame>
    );
  }
  const problem = reset.error ? problemOf(reset.error) : undefined;
  if (!token || problem?.code === "link_not_valid") {
    return (
      <AuthFrame title={t.title} foot={<LanguageChoice />}>
        <div className="flex flex-col gap-4">
          <Notice tone="danger">{t.invalid}</Notice>
          <AuthLink to="/forgot-password">{t.again}</AuthLink>
        </div>
      </AuthFrame>
    );
  }
  const ofField = problem?.field === "newPassword" ? words(problem) : undefined;
  return (
    <AuthForm
      title={t.title}
      intro={t.intro}
      submit={t.submit}
      busy={reset.isPending}
      onSubmit={() => reset.mutate()}
      problem={problem && !ofField ? words(problem) : undefined}
    >
      <NewPassword value={password} onChange={setPassword} error={ofField} />
    </AuthForm>
  );
}
