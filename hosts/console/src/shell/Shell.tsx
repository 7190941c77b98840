import { Link, Outlet } from "@tanstack/react-router";
import { useMe } from "~/api/people";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Logo } from "~/ui/Logo";
import { destinationMessages, destinationsFor } from "./destinations";
import { UserMenu } from "./UserMenu";

const messages = catalogue({
  en: { skip: "Skip to content", navigation: "Main" },
  th: { skip: "ข้ามไปที่เนื้อหา", navigation: "เมนูหลัก" },
});

/** The frame around every screen behind the log-in. */
export function Shell() {
  const t = useMessages(messages);
  const names = useMessages(destinationMessages);
  const places = destinationsFor(useMe().data?.permissions ?? []);
  return (
    <div className="flex h-full flex-col-reverse md:flex-row">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-lg bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        {t.skip}
      </a>
      <nav
        aria-label={t.navigation}
        className="flex shrink-0 items-center gap-1 bg-rail px-2 pb-[env(safe-area-inset-bottom)] md:w-17 md:flex-col md:px-1.5 md:py-3"
      >
        <div className="mb-3 hidden md:block">
          <Logo size={34} />
        </div>
        <ul className="flex flex-1 gap-1 md:w-full md:flex-none md:flex-col">
          {places.map(({ to, name, icon: Icon }) => (
            <li key={to} className="flex-1 md:flex-none">
              <Link
                to={to}
                className="flex h-14 flex-col items-center justify-center gap-0.5 rounded-xl text-rail-ink transition-colors hover:bg-rail-active hover:text-rail-strong data-[status=active]:bg-rail-active data-[status=active]:text-rail-strong"
              >
                <Icon size={20} strokeWidth={1.8} aria-hidden="true" />
                <span className="max-w-full truncate text-[0.6875rem] leading-[1.5]">{names[name]}</span>
              </Link>
            </li>
          ))}
        </ul>
        <div className="md:mt-auto">
          <UserMenu />
        </div>
      </nav>
      <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 bg-canvas outline-none">
        <Outlet />
      </main>
    </div>
  );
}
