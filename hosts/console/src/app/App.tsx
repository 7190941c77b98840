import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { session } from "~/auth/session";
import { useStore } from "~/state/store";
import { Logo } from "~/ui/Logo";
import { ErrorState } from "~/ui/states";
import { Toasts } from "~/ui/toasts";
import { queryClient } from "./queryClient";
import { router } from "./router";

export function App() {
  const { phase } = useStore(session.state);
  useEffect(() => {
    if (phase === "out") void router.invalidate();
  }, [phase]);
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Tooltip.Provider delay={500}>
          <Screen />
          <Toasts />
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  );
}

function Screen() {
  const state = useStore(session.state);
  if (state.phase === "starting") {
    return (
      <div
        className="flex h-full animate-pulse items-center justify-center"
        role="status"
        aria-label="hubchat"
      >
        <Logo size={44} />
      </div>
    );
  }
  if (state.phase === "unreachable")
    return <ErrorState error={state.problem} onRetry={() => void session.start()} />;
  return <RouterProvider router={router} />;
}
