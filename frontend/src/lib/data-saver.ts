/** What browsers that know it tell about the connection. Sources: WICG Save Data API, Network Information API. */
interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

const SLOW_TYPES = ["slow-2g", "2g"];

/** Whether bytes are to be spared: by the visitor's own choice here, else by what the browser says of the line. */
export function savesData(): boolean {
  const { dataSaver } = document.documentElement.dataset;
  if (dataSaver) return dataSaver === "on";
  const { saveData = false, effectiveType = "" } =
    (navigator as { connection?: Connection }).connection ?? {};
  return saveData || SLOW_TYPES.includes(effectiveType);
}

/** Asks the gateway for compressed answers and lists; browsers send it by themselves only for their own setting. */
export function spareHeaders(): Record<string, string> {
  return savesData() ? { "Save-Data": "on" } : {};
}
