import type { ReactNode } from "react";
import type { Chord } from "@/config/shortcuts";

/** One thing that the palette offers. */
export interface PaletteItem {
  id: string;
  /** Its name: what is looked for, and what is shown where there is no `label`. */
  name: string;
  label?: ReactNode;
  detail?: ReactNode;
  icon?: ReactNode;
  /** The shortcut that does the same. */
  keys?: Chord | undefined;
  /** It is what holds now, among others. */
  isChosen?: boolean;
  onSelect: () => void;
}

export interface PaletteGroup {
  id: string;
  title: string;
  items: PaletteItem[];
  /** Somebody else has looked among them already. */
  isFound?: boolean;
}
