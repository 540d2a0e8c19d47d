import { useSyncExternalStore } from "react";
import { isLineOpen, subscribeToLine } from "@/lib/line";

/** False when the browser knows that there is no network, or nobody answers on it. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeToLine, isLineOpen);
}
