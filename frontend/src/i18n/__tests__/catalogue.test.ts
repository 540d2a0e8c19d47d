import { expect, test } from "vitest";
import { translator } from "@/i18n/catalogue";
import { en } from "@/i18n/en";
import { fr } from "@/i18n/fr";

const placeholders = (entry: string | { one: string; other: string }) =>
  JSON.stringify(entry)
    .match(/\{\w+\}/g)
    ?.toSorted() ?? [];

test("every sentence fills in the same values in both languages", () => {
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    expect([key, placeholders(fr[key])]).toEqual([key, placeholders(en[key])]);
  }
});

test("counts follow the rules of the language", () => {
  const english = translator(en, "en");
  const french = translator(fr, "fr");
  expect(english("files.pagesRead", { n: 0 })).toBe("0 pages read");
  expect(french("files.pagesRead", { n: 0 })).toBe("0 page lue");
  expect(english("library.characters", { n: 24_310 })).toBe("24,310 characters");
});
