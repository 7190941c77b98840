import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { useMe } from "~/api/people";
import { session } from "~/auth/session";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useConnection } from "~/realtime/useRealtime";
import { useStore } from "~/state/store";
import { overlay } from "~/state/ui";
import { classes } from "~/ui/classes";
import { Logo } from "~/ui/Logo";
import { ConnectionBanner } from "./ConnectionBanner";
import { destinationMessages, destinationsFor } from "./destinations";
import { useChords } from "./keyboard";
import { UserMenu } from "./UserMenu";
import { useTitleBadge } from "./useTitleBadge";

const messages = catalogue({
  en: { skip: "Skip to content", navigation: "Main", find: "Find" },
  th: { skip: "ข้ามไปที่เนื้อหา", navigation: "เมนูหลัก", find: "ค้นหา" },
});

// Loaded when they are first opened.
const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await import("./ShortcutSheet")).ShortcutSheet }));

function Overlays() {
  const open = useStore(overlay);
  const opened = useRef(new Set<string>());
  opened.current.add(open);
  return (
    <Suspense>
      {opened.current.has("palette") && <Palette />}
      {opened.current.has("shortcuts") && <ShortcutSheet />}
    </Suspense>
  );
}

/** The frame around every screen behind the log-in; nothing once that has ended, until the router has left it. */
export function Shell() {
  const state = useStore(session.state);
  // Another frame for another member.
  return state.phase === "in" ? <Frame key={state.member.id} /> : null;
}

function Frame() {
  const t = useMessages(messages);
  const names = useMessages(destinationMessages);
  const places = destinationsFor(useMe().data?.permissions ?? []);
  const { conversationId } = useParams({ strict: false });
  useConnection();
  useTitleBadge();
  useChords({
    "Mod+K": () => overlay.set((now) => (now === "palette" ? "none" : "palette")),
    "?": () => overlay.set("shortcuts"),
  });
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
        className={classes(
          // On a phone an open conversation has the whole page; its own button leads back.
          conversationId ? "hidden md:flex" : "flex",
          "shrink-0 items-center gap-1 bg-rail px-2 pb-[env(safe-area-inset-bottom)] md:w-17 md:flex-col md:px-1.5 md:py-3",
        )}
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
        <div className="flex items-center md:mt-auto md:flex-col md:gap-1">
          <button
            type="button"
            aria-label={t.find}
            title="Ctrl/⌘ + K"
            onClick={() => overlay.set("palette")}
            className="hidden size-11 items-center justify-center rounded-xl text-rail-ink hover:bg-rail-active hover:text-rail-strong md:flex"
          >
            <Search size={19} aria-hidden="true" />
          </button>
          <UserMenu />
        </div>
      </nav>
      <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 bg-canvas outline-none">
        <div className="flex h-full flex-col">
          <ConnectionBanner />
          <div className="min-h-0 flex-1">
            <Outlet />
          </div>
        </div>
      </main>
      <Overlays />
    </div>
  );
}
