import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMe } from "~/api/people";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Page } from "~/ui/Page";
import { placeMessages, settingPlaces } from "./places";

const messages = catalogue({
  en: {
    title: "Settings",
    places: "Parts of the settings",
  },
  th: {
    title: "ตั้งค่า",
    places: "ส่วนของการตั้งค่า",
  },
});

/** The frame of the settings: one place for each of their parts. */
export function SettingsFrame() {
  const t = useMessages(messages);
  const names = useMessages(placeMessages);
  const permissions = useMe().data?.permissions ?? [];
  const shown = settingPlaces.filter(({ permission }) => permissions.includes(permission));
  const places = shown.length;
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // On a narrow screen the row of places is longer than it shows.
    if (pathname && places > 0)
      nav.current?.querySelector("[data-status=active]")?.scrollIntoView({ block: "nearest" });
  }, [pathname, places]);
  return (
    <Page title={t.title}>
      {shown.length > 1 && (
        <nav ref={nav} aria-label={t.places} className="-mx-4 -mt-2 overflow-x-auto px-4 md:mx-0 md:px-0">
          <ul className="flex gap-1 border-b border-line">
            {shown.map(({ to, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: true }}
                  className="touch-target inline-flex h-10 items-center border-b-2 border-transparent px-3 text-base whitespace-nowrap text-ink-soft transition-colors hover:text-ink data-[status=active]:border-accent data-[status=active]:font-medium data-[status=active]:text-ink"
                >
                  {names[name]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Outlet />
    </Page>
  );
}
