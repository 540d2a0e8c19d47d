import { useCallback, useSyncExternalStore } from "react";
import { PREFERENCES, type Preference, type PreferenceName } from "@/config/preferences";
import { STORAGE } from "@/config/storage-keys";
import { Listeners } from "@/lib/listeners";
import { readStored, writeStored } from "@/lib/storage";

const listeners = new Listeners();

/** What is chosen now: the document's root says so. */
export function readPreference<Name extends PreferenceName>(name: Name): Preference<Name> {
  return knownValue(name, document.documentElement.dataset[name]);
}

/** Apply a choice at once, and keep it. */
export function setPreference<Name extends PreferenceName>(name: Name, value: Preference<Name>): void {
  writeStored(STORAGE.preference(name), value === PREFERENCES[name][0] ? null : value);
  apply(name, value);
}

/** The choice, and a setter that applies and keeps it. */
export function usePreference<Name extends PreferenceName>(
  name: Name,
): [Preference<Name>, (value: Preference<Name>) => void] {
  const value = useSyncExternalStore(listeners.add, () => readPreference(name));
  const choose = useCallback((next: Preference<Name>) => setPreference(name, next), [name]);
  return [value, choose];
}

/** Follow what other tabs choose. */
export function followPreferences(): void {
  window.addEventListener("storage", ({ key }) => {
    for (const name of Object.keys(PREFERENCES) as PreferenceName[]) {
      // Without a key all was cleared.
      if (key !== null && key !== STORAGE.preference(name)) continue;
      apply(name, knownValue(name, readStored(STORAGE.preference(name))));
    }
  });
}

function apply<Name extends PreferenceName>(name: Name, value: Preference<Name>): void {
  const { dataset } = document.documentElement;
  if (value === PREFERENCES[name][0]) delete dataset[name];
  else dataset[name] = value;
  listeners.tell();
}

function knownValue<Name extends PreferenceName>(
  name: Name,
  said: string | null | undefined,
): Preference<Name> {
  const values: readonly Preference<Name>[] = PREFERENCES[name];
  return values.find((value) => value === said) ?? PREFERENCES[name][0];
}
