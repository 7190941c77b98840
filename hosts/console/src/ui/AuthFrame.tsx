import type { ReactNode } from "react";
import { Logo } from "./Logo";

/** The frame of the screens before the log-in: one card in the middle. */
export function AuthFrame({
  title,
  intro,
  children,
  foot,
}: {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 bg-canvas bg-[radial-gradient(60rem_30rem_at_50%_-10%,var(--accent-soft),transparent)] px-4 py-10">
      <div className="flex items-center gap-2.5">
        <Logo size={34} />
        <span className="text-2xl font-semibold text-ink">hubchat</span>
      </div>
      <div className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-pop md:p-7">
        <h1 className="text-lg font-semibold text-ink">{title}</h1>
        {intro && <p className="mt-0.5 text-base text-ink-soft">{intro}</p>}
        <div className="mt-5">{children}</div>
      </div>
      {foot}
    </main>
  );
}
