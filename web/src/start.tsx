import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./ui/theme.css";
import "./ui/base.css";
import { App } from "./app/App";
import { readPreferences } from "./app/preferences";
import { startI18n } from "./i18n/i18n";

startI18n(readPreferences().locale);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
