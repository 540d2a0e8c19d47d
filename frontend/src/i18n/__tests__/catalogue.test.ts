import { expect, test } from "vitest";
import { type Catalogue, type PluralForms, translator } from "@/i18n/catalogue";
import { LANGUAGES, type Language } from "@/i18n/languages";

const { catalogue: en } = await LANGUAGES.en.load();
const { catalogue: fr } = await LANGUAGES.fr.load();
const OTHERS = (Object.keys(LANGUAGES) as Language[]).filter((language) => language !== "en");

/** Names, and words that French spells as English does. */
const ALIKE =
  /^(Lamla|PDF|Word|PowerPoint|Excel|OpenDocument|EPUB|Markdown|CSV|Code|Message|Messages|Conversations?|Notification|Sources?|page|section|Question|Instant)$/i;

const textsOf = (entry: string | PluralForms) => (typeof entry === "string" ? [entry] : Object.values(entry));
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].toSorted();

test.each(OTHERS)("%s has every sentence, and no other", async (language) => {
  const { catalogue } = await LANGUAGES[language].load();
  expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(en).toSorted());
});

test.each(OTHERS)("every form of a sentence in %s fills in what the English one does", async (language) => {
  const { catalogue } = await LANGUAGES[language].load();
  for (const key of Object.keys(en) as (keyof Catalogue)[]) {
    const [wanted = ""] = textsOf(en[key]).toReversed();
    for (const text of textsOf(catalogue[key])) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(wanted)]);
    }
  }
});

test.each(OTHERS)("nothing is left in English in %s", async (language) => {
  const { catalogue } = await LANGUAGES[language].load();
  for (const key of Object.keys(en) as (keyof Catalogue)[]) {
    const [text = ""] = textsOf(catalogue[key]);
    // Without what is filled in, numbers and signs.
    const words =
      text
        .replace(/\{\w+\}/g, "")
        .match(/\p{L}+/gu)
        ?.join(" ") ?? "";
    if (words && !ALIKE.test(words)) expect([key, text]).not.toEqual([key, textsOf(en[key])[0]]);
  }
});

test("no sign of French stands alone at the beginning or the end of a line", () => {
  const texts = Object.values(fr).flatMap(textsOf);
  expect(texts.filter((text) => / [?!;:»%]|« /.test(text))).toEqual([]);
  expect(texts).toContain("Qu’étudiez-vous\u00a0?");
});

test("counts follow the rules of the language", () => {
  const english = translator(en, "en");
  const french = translator(fr, "fr");
  expect(english("files.pagesRead", { n: 0 })).toBe("0 pages read");
  expect(french("files.pagesRead", { n: 0 })).toBe("0 page lue");
  expect(english("library.characters", { n: 24_310 })).toBe("24,310 characters");
});

test("a language with more plural forms than two has them all, and falls back to its usual one", () => {
  const forms = { one: "{n} strona", few: "{n} strony", many: "{n} stron", other: "{n} strony" };
  const polish = translator({ ...en, "files.pagesRead": forms }, "pl");
  expect([1, 2, 5, 1.5].map((n) => polish("files.pagesRead", { n }))).toEqual([
    "1 strona",
    "2 strony",
    "5 stron",
    "1,5 strony",
  ]);
  const welsh = translator({ ...en, "files.pagesRead": { other: "{n} tudalen" } }, "cy");
  expect(welsh("files.pagesRead", { n: 2 })).toBe("2 tudalen");
});
