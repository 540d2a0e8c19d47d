import { useSyncExternalStore } from "react";
import { STORAGE } from "@/config/storage-keys";
import { type LanguagePack, type Translate, translator } from "@/i18n/catalogue";
import { ENGLISH, isLanguage, LANGUAGES, type Language } from "@/i18n/languages";
import { Listeners } from "@/lib/listeners";
import { readStored, writeStored } from "@/lib/storage";

interface Speech {
  language: Language;
  t: Translate;
  pack: LanguagePack;
}

const listeners = new Listeners();
let current = speechOf("en", ENGLISH);

/** Speak the chosen language, else the first of the browser's that we have, else English. Resolves when it is here. */
export function applyLanguage(): Promise<boolean> {
  window.addEventListener("storage", ({ key }) => {
    if (key === STORAGE.language) void speak(wantedLanguage());
  });
  return speak(wantedLanguage());
}

/** Keep the choice, and speak it once its words are here; false when they could not be fetched. */
export function setLanguage(language: Language): Promise<boolean> {
  writeStored(STORAGE.language, language);
  return speak(language);
}

function wantedLanguage(): Language {
  const wanted = [readStored(STORAGE.language), ...navigator.languages];
  return wanted.map((tag) => tag?.slice(0, 2)).find(isLanguage) ?? "en";
}

let latest = 0;

/** When its words cannot be fetched, the page goes on in the language that it has. */
async function speak(language: Language): Promise<boolean> {
  latest += 1;
  const order = latest;
  const pack = await LANGUAGES[language].load().catch(() => null);
  if (pack === null) return false;
  // Somebody may have chosen another one meanwhile.
  if (order !== latest) return true;
  current = speechOf(language, pack);
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].direction;
  listeners.tell();
  return true;
}

function speechOf(language: Language, pack: LanguagePack): Speech {
  return { language, pack, t: translator(pack.catalogue, language) };
}

function useSpeech(): Speech {
  return useSyncExternalStore(listeners.add, () => current);
}

export function useLanguage(): Language {
  return useSpeech().language;
}

/** `t(key, values)` in the language of the page. */
export function useT(): Translate {
  return useSpeech().t;
}

export function useLanguagePack(): LanguagePack {
  return useSpeech().pack;
}
