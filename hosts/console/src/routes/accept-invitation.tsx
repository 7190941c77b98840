import { useMutation } from "@tanstack/react-query";
import { useLocation, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { AuthForm, AuthLink } from "~/account/AuthForm";
import { linkToken } from "~/account/linkToken";
import { NewPassword } from "~/account/NewPassword";
import { answer, api } from "~/api/client";
import { problemOf } from "~/api/problem";
import { session } from "~/auth/session";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { AuthFrame } from "~/ui/AuthFrame";
import { TextField } from "~/ui/Field";
import { LanguageChoice } from "~/ui/LanguageChoice";
import { Notice } from "~/ui/Notice";
import { useProblemWords } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "Welcome to hubchat",
    intro: "One more step, and you are in.",
    have: "I have a password here already",
    name: "Your name",
    nameHint: "As your colleagues will see it.",
    email: "Your e-mail address",
    emailHint: "You will log in with it.",
    newPassword: "Choose a password",
    password: "Your password",
    passwordHint: "The one that you use in your other workspace.",
    submit: "Go in",
    invalid: "This link is not valid any more. Ask whoever invited you for a new one.",
    refused: "You have a password here already, and this is not it.",
    forgot: "Forgot your password?",
    needed: "This link is for the first owner: say who you are.",
    login: "Log in",
  },
  th: {
    title: "ยินดีต้อนรับสู่ hubchat",
    intro: "อีกขั้นตอนเดียวก็เข้าใช้งานได้",
    have: "ฉันมีรหัสผ่านที่นี่อยู่แล้ว",
    name: "ชื่อของคุณ",
    nameHint: "เพื่อนร่วมงานจะเห็นชื่อนี้",
    email: "อีเมลของคุณ",
    emailHint: "ใช้อีเมลนี้เข้าสู่ระบบ",
    newPassword: "ตั้งรหัสผ่าน",
    password: "รหัสผ่านของคุณ",
    passwordHint: "รหัสผ่านที่ใช้กับพื้นที่ทำงานอื่นของคุณ",
    submit: "เข้าใช้งาน",
    invalid: "ลิงก์นี้ใช้ไม่ได้แล้ว โปรดขอลิงก์ใหม่จากผู้ที่เชิญคุณ",
    refused: "คุณมีรหัสผ่านที่นี่อยู่แล้ว และรหัสผ่านนี้ไม่ถูกต้อง",
    forgot: "ลืมรหัสผ่าน?",
    needed: "ลิงก์นี้สำหรับเจ้าของคนแรก โปรดบอกว่าคุณคือใคร",
    login: "เข้าสู่ระบบ",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const words = useProblemWords();
  const router = useRouter();
  const token = linkToken(useLocation().hash);
  const [known, setKnown] = useState(false);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  // A link that names nobody needs an address: the server says so at the first try.
  const [needsEmail, setNeedsEmail] = useState(false);

  const emailField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (needsEmail) emailField.current?.focus();
  }, [needsEmail]);

  const accept = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/auth/accept-invitation", {
          body: {
            token: token ?? "",
            password,
            ...(name.trim() && !known ? { name: name.trim() } : {}),
            ...(needsEmail ? { email: email.trim() } : {}),
          },
        }),
      ),
    onSuccess: (signed) => {
      session.enter(signed);
      // The first owner of a new workspace is shown around.
      router.history.replace(needsEmail ? "/settings/setup" : "/inbox");
    },
    onError: (error) => {
      const { field, code } = problemOf(error);
      if (field === "email" || (field === "name" && code === "validation_failed")) {
        setNeedsEmail(true);
        setKnown(false);
      }
      if (code === "login_refused") setKnown(true);
    },
  });

  const problem = accept.error ? problemOf(accept.error) : undefined;
  if (!token || problem?.code === "link_not_valid") {
    return (
      <AuthFrame title={t.title} foot={<LanguageChoice />}>
        <div className="flex flex-col gap-4">
          <Notice tone="danger">{t.invalid}</Notice>
          <AuthLink to="/login">{t.login}</AuthLink>
        </div>
      </AuthFrame>
    );
  }

  const asksWho = problem?.field === "email" && email.trim() === "";
  const ofField = (field: string) => (problem?.field === field && !asksWho ? words(problem) : undefined);
  const general = () => {
    if (!problem) return undefined;
    if (problem.code === "login_refused") return t.refused;
    if (asksWho) return undefined;
    return ["name", "email", "password"].includes(problem.field ?? "") ? undefined : words(problem);
  };
  return (
    <AuthForm
      title={t.title}
      intro={t.intro}
      submit={t.submit}
      busy={accept.isPending}
      onSubmit={() => accept.mutate()}
      problem={general()}
      instead={known && <AuthLink to="/forgot-password">{t.forgot}</AuthLink>}
    >
      {needsEmail && !general() && <Notice tone="info">{t.needed}</Notice>}
      {needsEmail && (
        <TextField
          ref={emailField}
          label={t.email}
          hint={t.emailHint}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={ofField("email")}
          className="h-10"
        />
      )}
      {!known && (
        <TextField
          label={t.name}
          hint={t.nameHint}
          name="name"
          autoComplete="name"
          required={needsEmail}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={ofField("name")}
          className="h-10"
        />
      )}
      {known ? (
        <TextField
          label={t.password}
          hint={t.passwordHint}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={ofField("password")}
          className="h-10"
        />
      ) : (
        <NewPassword
          label={t.newPassword}
          value={password}
          onChange={setPassword}
          error={ofField("password")}
        />
      )}
      {!needsEmail && (
        <label className="flex items-center gap-2 text-sm text-ink-soft">
          <input
            type="checkbox"
            checked={known}
            onChange={(event) => setKnown(event.target.checked)}
            className="size-4 accent-accent"
          />
          {t.have}
        </label>
      )}
    </AuthForm>
  );
}
