import { useEffect, useState } from "react";
import { partOf, usePart } from "@/hooks/use-part";

const desk = partOf(() => import("@/app/offline-desk"));

/** Fetched once the page has loaded, so that it takes nothing from the first paint. */
export function LazyOfflineDesk() {
  const [hasLoaded, setLoaded] = useState(() => document.readyState === "complete");
  useEffect(() => {
    const note = () => setLoaded(true);
    window.addEventListener("load", note);
    return () => window.removeEventListener("load", note);
  }, []);
  return hasLoaded ? <Desk /> : null;
}

function Desk() {
  const { module } = usePart(desk);
  return module && <module.OfflineDesk />;
}
