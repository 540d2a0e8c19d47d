import type { PaletteGroup } from "@/features/palette/types";

/** What of the groups bears all of the words, whatever their order, case and accents; a group without anything is left out. */
export function matching(groups: PaletteGroup[], words: string): PaletteGroup[] {
  const sought = plain(words).split(/\s+/).filter(Boolean);
  const bears = (name: string) => sought.every((word) => plain(name).includes(word));
  return groups
    .map((group) =>
      group.isFound ? group : { ...group, items: group.items.filter(({ name }) => bears(name)) },
    )
    .filter(({ items }) => items.length > 0);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
