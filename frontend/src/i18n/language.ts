import { useSyncExternalStore } from "react";
import { STORAGE } from "@/config/storage-keys";
import { type Translate, translator } from "@/i18n/catalogue";
import { en } from "@/i18n/en";
import { fr } from "@/i18n/fr";
import { readStored, writeStored } from "@/lib/storage";

/** Each language by its own name. */
export const LANGUAGES = { en: "English", fr: "Français" } as const;
export type Language = keyof typeof LANGUAGES;

const translators: Record<Language, Translate> = { en: translator(en, "en"), fr: translator(fr, "fr") };
const listeners = new Set<() => void>();
let current: Language = initialLanguage();

/** The chosen language, else the first of the browser's that we have, else English. */
function initialLanguage(): Language {
  const wanted = [readStored(STORAGE.language), ...navigator.languages];
  return wanted.map((tag) => tag?.slice(0, 2)).find(isLanguage) ?? "en";
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && tag in LANGUAGES;
}

export function setLanguage(language: Language): void {
  current = language;
  writeStored(STORAGE.language, language);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Tell the document its language before the first render. */
export function applyLanguage(): void {
  document.documentElement.lang = current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current);
}

/** `t(key, values)` in the language of the page. */
export function useT(): Translate {
  return translators[useLanguage()];
}
