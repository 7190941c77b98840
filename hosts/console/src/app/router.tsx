import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from "@tanstack/react-router";
import { session } from "~/auth/session";
import { inboxSearch } from "~/routes/inbox.search";
import { loginSearch } from "~/routes/login.search";
import { Shell } from "~/shell/Shell";
import { ErrorState } from "~/ui/states";
import { NotFound } from "./NotFound";

// The tree of screens. Each screen is a file of its own in src/routes that exports `Screen`, loaded when it is
// first needed.

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: loginSearch,
  beforeLoad: ({ search }) => {
    if (session.state.get().phase === "in") throw redirect({ href: search.next ?? "/inbox", replace: true });
  },
  component: lazyRouteComponent(() => import("~/routes/login"), "Screen"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("~/routes/forgot-password"), "Screen"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("~/routes/reset-password"), "Screen"),
});

const acceptInvitation = createRoute({
  getParentRoute: () => root,
  path: "/accept-invitation",
  component: lazyRouteComponent(() => import("~/routes/accept-invitation"), "Screen"),
});

/** Everything that needs a log-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: ({ location }) => {
    if (session.state.get().phase !== "in") {
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/login", search: next === undefined ? {} : { next }, replace: true });
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => inside,
  path: "/inbox",
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import("~/routes/inbox"), "Screen"),
});

// The inbox draws the thread itself, beside its list.
const conversation = createRoute({ getParentRoute: () => inbox, path: "$conversationId" });

const channels = createRoute({
  getParentRoute: () => inside,
  path: "/channels",
  component: lazyRouteComponent(() => import("~/routes/channels"), "Screen"),
});

const members = createRoute({
  getParentRoute: () => inside,
  path: "/members",
  component: lazyRouteComponent(() => import("~/routes/members"), "Screen"),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("~/settings/SettingsFrame"), "SettingsFrame"),
});

const general = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("~/routes/settings"), "Screen"),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/keys",
  component: lazyRouteComponent(() => import("~/routes/settings.keys"), "Screen"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  component: lazyRouteComponent(() => import("~/routes/settings.audit"), "Screen"),
});

const setup = createRoute({
  getParentRoute: () => settings,
  path: "/setup",
  component: lazyRouteComponent(() => import("~/routes/settings.setup"), "Screen"),
});

const profile = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: lazyRouteComponent(() => import("~/routes/profile"), "Screen"),
});

const tree = root.addChildren([
  login,
  forgotPassword,
  resetPassword,
  acceptInvitation,
  inside.addChildren([
    home,
    inbox.addChildren([conversation]),
    channels,
    members,
    settings.addChildren([general, apiKeys, audit, setup]),
    profile,
  ]),
]);

function Failed({ error }: { error: unknown }) {
  const router = useRouter();
  return <ErrorState error={error} onRetry={() => void router.invalidate()} />;
}

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultErrorComponent: Failed,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
