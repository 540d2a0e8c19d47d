import type { LanguagePack } from "@/i18n/catalogue";
import { en } from "@/i18n/en";

/**
 * The languages of the page, each by its own name.
 *
 * English is in the first load, as what there is when another one cannot be fetched; the others are fetched when they
 * are chosen. One more language is one more line here, and its pack: see docs/accessibility.md.
 */
export const LANGUAGES = {
  en: { name: "English", direction: "ltr", load: (): Promise<LanguagePack> => Promise.resolve(ENGLISH) },
  fr: {
    name: "Français",
    direction: "ltr",
    load: () => import("@/i18n/fr-pack").then(({ french }) => french),
  },
} as const;

export type Language = keyof typeof LANGUAGES;

/** For a choice among them. */
export const LANGUAGE_OPTIONS = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
  value,
  label: LANGUAGES[value].name,
}));

/** The gateway speaks English itself. */
export const ENGLISH: LanguagePack = { catalogue: en, serverSentences: {}, quotes: ["“", "”"] };

export function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && Object.hasOwn(LANGUAGES, tag);
}
