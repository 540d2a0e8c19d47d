import { CommandPalette } from "@/app/command-palette";
import { ShortcutSheet } from "@/features/palette/components/shortcut-sheet";

export type PaletteWindow = "palette" | "shortcuts";

/** Both in one piece: who uses the one soon uses the other. */
export function PaletteWindows({ of, onClose }: { of: PaletteWindow; onClose: () => void }) {
  return of === "palette" ? <CommandPalette onClose={onClose} /> : <ShortcutSheet onClose={onClose} />;
}
