import { useState } from "react";
import { useLocation } from "wouter";
import type { PaletteWindow } from "@/app/palette-windows";
import { ROUTES } from "@/config/paths";
import { useCommand } from "@/hooks/use-command";
import { partOf } from "@/hooks/use-part";
import { useShortcuts } from "@/hooks/use-shortcuts";
import { useT } from "@/i18n/language";
import { showToast } from "@/lib/toasts";

const windows = partOf(() => import("@/app/palette-windows"));

/** The command palette and the shortcut sheet, fetched when one of them is first asked for; and the keys of every page. */
export function PaletteHost() {
  const t = useT();
  const [open, setOpen] = useState<PaletteWindow | null>(null);
  const [, navigate] = useLocation();
  const show = (window: PaletteWindow) => {
    const onFailed = () => showToast({ tone: "danger", text: t("app.partFailed") });
    windows.load().then(() => setOpen(window), onFailed);
  };
  useShortcuts();
  useCommand("palette", () => show("palette"));
  useCommand("shortcuts", () => show("shortcuts"));
  useCommand("newChat", () => navigate(ROUTES.home));
  useCommand("library", () => navigate(ROUTES.library));
  useCommand("account", () => navigate(ROUTES.account));
  useCommand("settings", () => navigate(ROUTES.settings));
  return open && windows.module && <windows.module.PaletteWindows of={open} onClose={() => setOpen(null)} />;
}
