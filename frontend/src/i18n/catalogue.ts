import type { en } from "@/i18n/en";

/** A sentence per form of the count `n`: those that the language has, and `other` for the rest. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Every language has every key of the English one: a plain sentence, or one per plural form. */
export type Catalogue = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : PluralForms;
};

/** What a language is made of; `serverSentences` are what the gateway says, by its codes. */
export interface LanguagePack {
  catalogue: Catalogue;
  serverSentences: Record<string, string>;
  /** What stands around a name, before and after it. */
  quotes: readonly [string, string];
}

export type MessageKey = keyof Catalogue;
export type Values = Record<string, string | number>;
export type Translate = (key: MessageKey, values?: Values) => string;

/** Make the `t()` of one language. Numbers are written in the language's own way. */
export function translator(catalogue: Catalogue, language: string): Translate {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const entry: string | PluralForms = catalogue[key];
    const text = typeof entry === "string" ? entry : (entry[plural.select(Number(values.n))] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}
