import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/app/tokens.css", "utf8");
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6,8}), (#[\da-f]{6,8})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

/** Relative luminance. Source: WCAG 2.2, definition of "relative luminance". */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, ground: string, theme: "light" | "dark"): number {
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
  expect(contrast(text, ground, "light")).toBeGreaterThanOrEqual(least);
  expect(contrast(text, ground, "dark")).toBeGreaterThanOrEqual(least);
});
