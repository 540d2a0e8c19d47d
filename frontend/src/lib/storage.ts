/** localStorage that never throws: it may be full, or refused by a private window. */

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** False when it was not kept: what does not fit stays in memory only, and the page goes on working. */
export function writeStored(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** The keys that begin so. */
export function storedKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    // A window that refuses to remember has nothing.
    return [];
  }
}

/** Forget everything whose key begins so. */
export function forgetStored(prefix: string): void {
  for (const key of storedKeys(prefix)) writeStored(key, null);
}
