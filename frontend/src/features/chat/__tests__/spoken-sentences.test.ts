import fc from "fast-check";
import { expect, test } from "vitest";
import { spokenSentences } from "@/features/chat/state/spoken-sentences";

test("only whole sentences are spoken, without the signs of Markdown", () => {
  const text = "## Light\n**Water** is split. The oxy";
  const first = spokenSentences(text, 0, false);
  expect(first.spoken).toBe("Light Water is split.");
  expect(spokenSentences(`${text}gen leaves`, first.next, true).spoken).toBe("The oxygen leaves");
});

test("the number of a list's item waits for its sentence, and marks of sources are left out", () => {
  expect(spokenSentences("Two steps:\n1. ", 0, false).spoken).toBe("Two steps:");
  expect(spokenSentences("1. Water is split [2]. Then", 0, false).spoken).toBe("1. Water is split.");
});

test("nothing is spoken twice or left out, wherever the text was cut", () => {
  const words = fc.array(fc.constantFrom("a", "b. ", "c? ", "d\n", "e "), { minLength: 1 });
  fc.assert(
    fc.property(words, (pieces) => {
      let text = "";
      let next = 0;
      let all = "";
      for (const piece of pieces) {
        text += piece;
        const step = spokenSentences(text, next, false);
        next = step.next;
        all += step.spoken;
      }
      all += spokenSentences(text, next, true).spoken;
      expect(all.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
    }),
  );
});
