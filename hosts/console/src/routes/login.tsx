import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { Building2, ChevronRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { AuthForm, AuthLink } from "~/account/AuthForm";
import { answer, api } from "~/api/client";
import { problemOf } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { session } from "~/auth/session";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useStore } from "~/state/store";
import { AuthFrame } from "~/ui/AuthFrame";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { LanguageChoice } from "~/ui/LanguageChoice";
import { Notice } from "~/ui/Notice";
import { useProblemWords } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "Log in",
    intro: "All your customers' conversations in one place.",
    email: "E-mail address",
    password: "Password",
    submit: "Log in",
    forgot: "Forgot your password?",
    refused: "E-mail address or password is not right.",
    limited: (seconds: number) => `Too many tries. Try again in ${seconds} s.`,
    ended: "Your session has ended. Please log in again.",
    chooseTitle: "Choose a workspace",
    chooseIntro: "You belong to several.",
    back: "Back",
  },
  th: {
    title: "เข้าสู่ระบบ",
    intro: "ทุกบทสนทนากับลูกค้าในที่เดียว",
    email: "อีเมล",
    password: "รหัสผ่าน",
    submit: "เข้าสู่ระบบ",
    forgot: "ลืมรหัสผ่าน?",
    refused: "อีเมลหรือรหัสผ่านไม่ถูกต้อง",
    limited: (seconds: number) => `ลองหลายครั้งเกินไป โปรดลองใหม่ใน ${seconds} วินาที`,
    ended: "เซสชันของคุณสิ้นสุดแล้ว โปรดเข้าสู่ระบบอีกครั้ง",
    chooseTitle: "เลือกพื้นที่ทำงาน",
    chooseIntro: "คุณเป็นสมาชิกมากกว่าหนึ่งแห่ง",
    back: "กลับ",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const words = useProblemWords();
  const router = useRouter();
  const { next } = useSearch({ from: "/login" });
  const state = useStore(session.state);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tenants, setTenants] = useState<Schemas["Tenant"][]>();
  const firstTenant = useRef<HTMLButtonElement>(null);

  const login = useMutation({
    mutationFn: (tenant?: string) =>
      answer(
        api.POST("/api/auth/login", { body: tenant ? { email, password, tenant } : { email, password } }),
      ),
    onSuccess: (result) => {
      if (result.session) {
        session.enter(result.session);
        router.history.replace(next ?? "/inbox");
      } else setTenants(result.tenants ?? []);
    },
  });

  useEffect(() => {
    if (tenants) firstTenant.current?.focus();
  }, [tenants]);

  const refusal = () => {
    if (!login.error) return undefined;
    const problem = problemOf(login.error);
    if (problem.code === "login_refused") return t.refused;
    if (problem.code === "rate_limited") return t.limited(problem.retryAfter ?? 60);
    return words(login.error);
  };

  const notice = refusal() ?? (state.phase === "out" && state.why === "ended" ? t.ended : undefined);

  if (tenants) {
    return (
      <AuthFrame title={t.chooseTitle} intro={t.chooseIntro} foot={<LanguageChoice />}>
        <div className="flex flex-col gap-3">
          {notice && <Notice tone="danger">{notice}</Notice>}
          <ul className="flex flex-col gap-1.5">
            {tenants.map((tenant, index) => (
              <li key={tenant.id}>
                <button
                  ref={index === 0 ? firstTenant : undefined}
                  type="button"
                  disabled={login.isPending}
                  onClick={() => login.mutate(tenant.slug)}
                  className="flex min-h-12 w-full items-center gap-3 rounded-xl border border-line px-3 text-left transition-colors hover:border-accent hover:bg-hover"
                >
                  <Building2 size={18} className="text-ink-faint" aria-hidden="true" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{tenant.name}</span>
                    <span className="block truncate text-sm text-ink-faint">{tenant.slug}</span>
                  </span>
                  <ChevronRight size={16} className="text-ink-faint" aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
          <Button
            look="quiet"
            onClick={() => {
              setTenants(undefined);
              login.reset();
            }}
          >
            {t.back}
          </Button>
        </div>
      </AuthFrame>
    );
  }

  return (
    <AuthForm
      title={t.title}
      intro={t.intro}
      submit={t.submit}
      busy={login.isPending}
      onSubmit={() => login.mutate(undefined)}
      problem={notice}
      instead={<AuthLink to="/forgot-password">{t.forgot}</AuthLink>}
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
      <TextField
        label={t.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        className="h-10"
      />
    </AuthForm>
  );
}
