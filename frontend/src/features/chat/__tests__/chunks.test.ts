import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf } from "@/features/chat/state/chunks";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";

const idArbitrary = fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 300 });

function listOf(ids: string[]): VisibleMessage[] {
  return ids.map((id, index) => ({ id, parent_id: ids[index - 1] ?? null }) as VisibleMessage);
}

/** The chunk of each message, by its id. */
function chunkOfEach(messages: VisibleMessage[], firsts: Set<string>): Map<string, string> {
  firsts.add(messages[0]?.parent_id ?? "root");
  const chunks = chunksOf(messages, messages, firsts);
  return new Map(chunks.flatMap(({ key, items }) => items.map(({ id }) => [id, key] as const)));
}

test("every message is in one chunk, in order", () => {
  fc.assert(
    fc.property(idArbitrary, (ids) => {
      const chunks = chunksOf(listOf(ids), ids, new Set());
      expect(chunks.flatMap(({ items }) => items)).toEqual(ids);
      expect(new Set(chunks.map(({ key }) => key)).size).toBe(chunks.length);
    }),
  );
});

test("no message changes its chunk when earlier ones come in above, or new ones at the end", () => {
  fc.assert(
    fc.property(idArbitrary, fc.nat(), fc.nat(), (ids, above, below) => {
      const all = listOf(ids);
      const start = above % (all.length - 1);
      const shown = all.slice(start, start + 1 + (below % (all.length - start)));
      const firsts = new Set<string>();
      const before = chunkOfEach(shown, firsts);
      const after = chunkOfEach(all, firsts);
      for (const [id, chunk] of before) expect(after.get(id)).toBe(chunk);
    }),
  );
});
