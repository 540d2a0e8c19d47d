import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import "@/app/tokens.css";
import "@/app/base.css";
import { fetchMarkdown } from "@/components/markdown/lazy-markdown";
import { applyLanguage } from "@/i18n/language";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
applyLanguage();
void fetchMarkdown();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
