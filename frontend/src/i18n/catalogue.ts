import type { en } from "@/i18n/en";

/** A plain sentence, or one per plural form of the count `n`. */
type Entry<T> = T extends string ? string : { one: string; other: string };

/** Every language has every key of the English one, in the same form. */
export type Catalogue = { readonly [Key in keyof typeof en]: Entry<(typeof en)[Key]> };

export type MessageKey = keyof Catalogue;
export type Values = Record<string, string | number>;
export type Translate = (key: MessageKey, values?: Values) => string;

/** Make the `t()` of one language. Numbers are written in the language's own way. */
export function translator(catalogue: Catalogue, language: string): Translate {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const entry = catalogue[key];
    const text =
      typeof entry === "string" ? entry : plural.select(Number(values.n)) === "one" ? entry.one : entry.other;
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}
