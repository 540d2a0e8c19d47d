import { expect, test } from "vitest";
import { matching } from "@/features/palette/state/matching";
import type { PaletteGroup } from "@/features/palette/types";

const group = (id: string, ...names: string[]): PaletteGroup => ({
  id,
  title: id,
  items: names.map((name) => ({ id: name, name, onSelect: () => undefined })),
});
const found = (groups: PaletteGroup[], words: string) =>
  matching(groups, words).map(({ id, items }) => [id, items.map(({ name }) => name)]);

test("all words must stand in a name, in any order, case and accent", () => {
  const groups = [group("do", "New chat", "Réglages", "Keyboard shortcuts"), group("courses", "Chat theory")];
  expect(found(groups, "")).toEqual([
    ["do", ["New chat", "Réglages", "Keyboard shortcuts"]],
    ["courses", ["Chat theory"]],
  ]);
  expect(found(groups, "reg")).toEqual([["do", ["Réglages"]]]);
  expect(found(groups, "CHAT new")).toEqual([["do", ["New chat"]]]);
  expect(found(groups, "nothing")).toEqual([]);
});

test("what somebody else has found stays, whatever its name", () => {
  expect(found([{ ...group("found", "Optics"), isFound: true }], "light")).toEqual([["found", ["Optics"]]]);
});
