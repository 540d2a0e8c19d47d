import { useState } from "react";
import { STORAGE } from "@/config/storage-keys";
import { readStored, writeStored } from "@/lib/storage";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The chosen theme, and a setter that applies and keeps it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const choose = (next: Theme) => {
    setTheme(next);
    writeStored(STORAGE.theme, next === "system" ? null : next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return [theme, choose];
}

function storedTheme(): Theme {
  const stored = readStored(STORAGE.theme);
  return THEMES.find((theme) => theme === stored) ?? "system";
}
