/** localStorage that never throws: it may be full, or refused by a private window. What it does not take lasts as long as the page. */
const unkept = new Map<string, string>();

export function readStored(key: string): string | null {
  try {
    return unkept.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** False when the browser does not keep it. */
export function writeStored(key: string, value: string | null): boolean {
  unkept.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    if (value !== null) unkept.set(key, value);
    return value === null;
  }
}

/** The keys that begin so, of what the browser keeps. */
export function storedKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    // A window that refuses to remember has nothing.
    return [];
  }
}

/** Forget everything whose key begins so, in this tab as well: who listens to other tabs hears of it. */
export function forgetStored(prefix: string): void {
  const held = [...unkept.keys()].filter((key) => key.startsWith(prefix));
  for (const key of new Set([...held, ...storedKeys(prefix)])) {
    writeStored(key, null);
    window.dispatchEvent(new StorageEvent("storage", { key }));
  }
}
