import type { LanguagePack } from "@/i18n/catalogue";

/** The sentence of this code in a language; what is not known in it stays as the gateway said it, in English. */
export function serverText(
  { serverSentences: known, quotes: [before, after] }: LanguagePack,
  code: string,
  said: string,
): string {
  // Own properties only: a code may not name what every object inherits.
  const sentence = Object.hasOwn(known, code) ? known[code] : undefined;
  if (!sentence) return said;
  const names = [...said.matchAll(/“([^”]*)”/g)].map(([, name]) => `${before}${name}${after}`);
  if (names.length === 0 && sentence.includes("{names}")) return said;
  return sentence.replace("{names}", [...new Set(names)].join(", "));
}
