import { useCallback, useSyncExternalStore } from "react";

export const PHONE = "(max-width: 767px)";
/** A finger is what one points with. */
export const TOUCH = "(pointer: coarse)";
export const ROOM_FOR_PANEL = "(min-width: 1160px)";

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
