import fc from "fast-check";
import { expect, test } from "vitest";
import { cutAtMarks } from "@/lib/marked-text";

test("a text is cut at its marks, which count code points", () => {
  expect(cutAtMarks("🧪 water boils", [[2, 7]])).toEqual([
    { text: "🧪 ", isMarked: false },
    { text: "water", isMarked: true },
    { text: " boils", isMarked: false },
  ]);
});

test("whatever the marks say, the text stays whole", () => {
  const marks = fc.array(fc.tuple(fc.nat(40), fc.nat(40)));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), marks, (text, asked) => {
      const pieces = cutAtMarks(text, asked);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    }),
  );
});
