import { useMediaQuery } from "@/hooks/use-media-query";
import { usePreference } from "@/hooks/use-preference";

/** Whether the page is dark now, by choice or by the system. */
export function useIsDark(): boolean {
  const [theme] = usePreference("theme");
  const isSystemDark = useMediaQuery("(prefers-color-scheme: dark)");
  return theme === "system" ? isSystemDark : theme === "dark";
}
