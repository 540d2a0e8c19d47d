import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/app/tokens.css", "utf8");

function coloursIn(rules: string) {
  return new Map(
    [...rules.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6,8}), (#[\da-f]{6,8})\)/g)].map(
      ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
    ),
  );
}

/** The colours of the first rule with this selector. */
const coloursOf = (selector: string) => coloursIn(css.slice(css.indexOf(selector)).split("}")[0] ?? "");

const usual = coloursOf(":root {");
const high = new Map([...usual, ...coloursOf(':root[data-contrast="high"] {')]);

/** Relative luminance. Source: WCAG 2.2, definition of "relative luminance". */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(colours: typeof usual, text: string, ground: string, theme: "light" | "dark"): number {
  const pair = [text, ground].map((name) => luminance(colours.get(name)?.[theme] ?? ""));
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}

const GROUNDS = ["ground", "sunken", "surface", "hover"];
const PAIRS = [
  ...GROUNDS.flatMap((ground) =>
    ["ink", "ink-soft", "accent-ink"].map((text) => [text, ground, 4.5] as const),
  ),
  ["ink", "yours", 4.5],
  ["accent-ink", "yours", 4.5],
  ["ink", "mark", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-hover", 4.5],
  ["danger", "danger-ground", 4.5],
  ["danger", "surface", 4.5],
  ["danger", "hover", 4.5],
  ...["keyword", "string", "number", "title", "comment"].map(
    (kind) => [`code-${kind}`, "code-ground", 4.5] as const,
  ),
  ["focus", "ground", 3],
  ["focus", "surface", 3],
  ["line-strong", "surface", 3],
  ["line-strong", "ground", 3],
] as const;

test.each(PAIRS)("%s on %s has a contrast of at least %d", (text, ground, least) => {
  expect(contrast(usual, text, ground, "light")).toBeGreaterThanOrEqual(least);
  expect(contrast(usual, text, ground, "dark")).toBeGreaterThanOrEqual(least);
});

const READ = PAIRS.filter(([text, , least]) => least === 4.5 && !text.startsWith("code-"));

test.each(READ)("in high contrast, %s on %s has one of at least 7", (text, ground) => {
  expect(contrast(high, text, ground, "light")).toBeGreaterThanOrEqual(7);
  expect(contrast(high, text, ground, "dark")).toBeGreaterThanOrEqual(7);
});

test("high contrast is the same when it is chosen here and when the system asks for it", () => {
  const asked = css.slice(css.indexOf("@media (prefers-contrast: more)")).split("}")[0] ?? "";
  expect(coloursIn(asked)).toEqual(coloursOf(':root[data-contrast="high"] {'));
});
