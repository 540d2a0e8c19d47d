import { useSyncExternalStore } from "react";
import { partOf, usePart } from "@/hooks/use-part";

const desk = partOf(() => import("@/app/offline-desk"));

/** Fetched once the page has loaded, so that it takes nothing from the first paint. */
export function LazyOfflineDesk() {
  const hasLoaded = useSyncExternalStore(subscribe, () => document.readyState === "complete");
  return hasLoaded ? <Desk /> : null;
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("readystatechange", listener);
  return () => document.removeEventListener("readystatechange", listener);
}

function Desk() {
  const { module } = usePart(desk);
  return module && <module.OfflineDesk />;
}
