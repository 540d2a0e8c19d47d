import fc from "fast-check";
import { expect, test } from "vitest";
import { mend } from "@/components/markdown/mend";

test.each([
  ["bold is closed", "a **bo", "a **bo**"],
  ["half of the closing mark is no second mark", "a **bold*", "a **bold**"],
  ["a mark without content waits", "a **", "a "],
  ["nested marks close from the inside", "**a *b", "**a *b***"],
  ["code is closed", "run `npm st", "run `npm st`"],
  ["code without content waits", "run `", "run "],
  ["a half link shows its words", "see [the book](https://exa", "see the book"],
  ["a half picture shows its words", "![leaf](https://e", "leaf"],
  ["a half citation waits", "water is split [1", "water is split "],
  ["a half formula waits", "so $\\frac{1}{", "so "],
  ["a half display formula waits", "so\n\n$$x = ", "so\n\n"],
  ["money does not wait", "it costs $5 and", "it costs $5 and"],
  ["a list mark waits for its item", "para\n-", "para\n"],
  ["a number waits for its item", "para\n\n2.", "para\n\n"],
  ["a table's head waits for its second line", "text\n\n| a | b |", "text\n\n"],
  ["a table is shown once it is one", "| a |\n|---|\n| 1", "| a |\n|---|\n| 1"],
  ["nothing is mended inside a code block", "```py\nx = '**", "```py\nx = '**"],
  ["underscores in words are no marks", "snake_case_na", "snake_case_na"],
  ["whole text is left alone", "**a** `b` $x^2$ [c](https://d.e)", "**a** `b` $x^2$ [c](https://d.e)"],
])("%s", (_, open, shown) => {
  expect(mend(open)).toBe(shown);
});

test("any beginning of any text can be mended", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("**", "*", "_", "`", "```\n", "$", "$$", "\\(", "[", "](", "|", "\n", "\\"),
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => typeof mend(pieces.join("")) === "string"));
});
