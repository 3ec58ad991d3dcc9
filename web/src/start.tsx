/** The program: its language, its pages, and the first of them once what it shows is here. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./ui/theme.css";
import "./ui/base.css";
import { newQueryClient } from "./api/session";
import { App, startRouter } from "./app/App";
import { gather } from "./app/opening";
import { readPreferences } from "./app/preferences";
import { startI18n } from "./i18n/i18n";

startI18n(readPreferences().locale);

async function start(root: HTMLElement): Promise<void> {
  const queries = newQueryClient();
  const router = startRouter();
  await gather(queries, router);
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} router={router} />
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) start(root).catch((error: unknown) => console.error(error));
