import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { fetchOpened } from "@/app/routes";
import "@/app/tokens.css";
import "@/app/base.css";
import "@/app/first-paint.css";
import { fetchMarkdown } from "@/components/markdown/lazy-markdown";
import { LANGUAGE_PATIENCE_MS } from "@/config/limits";
import { followPreferences } from "@/hooks/use-preference";
import { applyLanguage } from "@/i18n/language";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
followPreferences();
const speaks = applyLanguage();
fetchOpened(window.location.pathname);
void fetchMarkdown();
// On a bad line it begins in English, rather than not at all.
const patience = new Promise((resolve) => setTimeout(resolve, LANGUAGE_PATIENCE_MS));
void Promise.race([speaks, patience]).then(() => {
  // As a transition it is drawn in slices, between which a slow phone can do what it is asked.
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
});
