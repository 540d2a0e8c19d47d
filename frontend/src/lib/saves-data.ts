/** What browsers that know it tell about the connection. Source: WICG Save Data API. */
interface Connection {
  saveData?: boolean;
}

/** Whether the visitor asked the browser to spare data. */
export function savesData(): boolean {
  return (navigator as { connection?: Connection }).connection?.saveData === true;
}
