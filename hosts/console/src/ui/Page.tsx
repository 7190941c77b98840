import type { ReactNode } from "react";

/** A screen of the shell that is not the inbox: a heading, what belongs to it, and the content below. */
export function Page({
  title,
  intro,
  actions,
  children,
}: {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex w-full max-w-4xl flex-col gap-5 px-4 py-5 md:px-8 md:py-8">
        <header className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0">
            <h1 className="text-xl font-semibold text-ink">{title}</h1>
            {intro && <p className="mt-0.5 max-w-xl text-base text-ink-soft">{intro}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** A part of a page on its own sheet. */
export function Sheet({
  title,
  intro,
  children,
}: {
  title?: string;
  intro?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="rounded-xl border border-line bg-surface shadow-low">
      {title && (
        <header className="border-b border-line px-4 py-3 md:px-5">
          <h2 className="text-base font-semibold text-ink">{title}</h2>
          {intro && <p className="text-sm text-ink-soft">{intro}</p>}
        </header>
      )}
      <div className="px-4 py-4 md:px-5">{children}</div>
    </section>
  );
}
