import { Link } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { AuthFrame } from "~/ui/AuthFrame";
import { Button } from "~/ui/Button";
import { LanguageChoice } from "~/ui/LanguageChoice";
import { Notice } from "~/ui/Notice";

/** A screen before the log-in with fields to fill in: what is wrong above them, what one may do instead below. */
export function AuthForm({
  title,
  intro,
  submit,
  busy,
  onSubmit,
  problem,
  children,
  instead,
}: {
  title: string;
  intro: string;
  /** What sending is called. */
  submit: string;
  busy: boolean;
  onSubmit(): void;
  problem?: string | undefined;
  children: ReactNode;
  instead?: ReactNode;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <AuthFrame title={title} intro={intro} foot={<LanguageChoice />}>
      <form onSubmit={send} className="flex flex-col gap-4">
        {problem && <Notice tone="danger">{problem}</Notice>}
        {children}
        <Button type="submit" look="primary" busy={busy} className="h-10">
          {submit}
        </Button>
        {instead}
      </form>
    </AuthFrame>
  );
}

/** The way to another of these screens. */
export function AuthLink({ to, children }: { to: "/login" | "/forgot-password"; children: string }) {
  return (
    <Link to={to} className="self-center text-base text-accent underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}
