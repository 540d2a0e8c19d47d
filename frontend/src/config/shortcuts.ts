/** What can be done from anywhere by a key, and from the command palette. */
export const COMMANDS = [
  "palette",
  "newChat",
  "search",
  "compose",
  "next",
  "previous",
  "copyAnswer",
  "editMessage",
  "stop",
  "sidebar",
  "library",
  "account",
  "settings",
  "shortcuts",
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** One way to press a command. `mod` is Ctrl, and Command on a Mac. */
export interface Chord {
  key: string;
  mod?: true;
  shift?: true;
  alt?: true;
}

/** Every shortcut there is: the sheet shows these, and the one listener obeys them. */
export const SHORTCUTS = {
  palette: [{ mod: true, key: "k" }],
  newChat: [{ mod: true, shift: true, key: "o" }, { key: "n" }],
  search: [{ mod: true, shift: true, key: "f" }, { key: "/" }],
  compose: [{ mod: true, key: "i" }, { key: "c" }],
  next: [{ alt: true, key: "ArrowDown" }, { key: "j" }],
  previous: [{ alt: true, key: "ArrowUp" }, { key: "k" }],
  copyAnswer: [{ mod: true, shift: true, key: "c" }, { key: "y" }],
  editMessage: [{ mod: true, shift: true, key: "e" }, { key: "e" }],
  stop: [{ key: "Escape" }],
  sidebar: [{ mod: true, key: "b" }],
  settings: [{ mod: true, key: "," }],
  shortcuts: [{ mod: true, key: "/" }, { key: "?" }],
} as const satisfies Partial<Record<CommandName, readonly Chord[]>>;

/** The ways to press a command; none for one that the palette alone has. */
export function chordsOf(name: CommandName): readonly Chord[] {
  return name in SHORTCUTS ? SHORTCUTS[name as keyof typeof SHORTCUTS] : [];
}
