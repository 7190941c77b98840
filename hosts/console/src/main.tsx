import "~/zod";
import "~/styles/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "~/app/App";
import { watchDepartures } from "~/app/departure";
import { session } from "~/auth/session";
import { watchPreferences } from "~/state/preferences";

watchPreferences();
watchDepartures();
void session.start();

const place = document.getElementById("root");
if (place === null) throw new Error("the page has no place for the console");
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
