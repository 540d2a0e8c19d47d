import { renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { headingOf, usePlaceText } from "@/features/documents/hooks/use-place-text";
import { setLanguage } from "@/i18n/language";

afterEach(() => setLanguage("en"));

test.each([
  ["page 7", 7, "page 7", ""],
  ["slide 3: Mitosis", 3, "diapositive 3: Mitosis", "Mitosis"],
  ["sheet Grades, rows 1–50", 2, "sheet Grades, rows 1–50", "sheet Grades, rows 1–50"],
  ["", 4, "Page 4", ""],
])("the place %o is said in the page's language", async (label, page, french, heading) => {
  await setLanguage("fr");
  const placeText = renderHook(usePlaceText).result.current;
  expect(placeText({ label, page })).toBe(french);
  expect(headingOf({ label, number: page })).toBe(heading);
});
