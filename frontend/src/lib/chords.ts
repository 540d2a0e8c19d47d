import { type Chord, type CommandName, chordsOf } from "@/config/shortcuts";

/** Whether these keys are the chord: letters by what they write, on a keyboard of another script by their place. */
export function isChord(event: KeyboardEvent, { key, mod, shift, alt }: Chord): boolean {
  if (!(mod ? hasMod(event) : !event.ctrlKey && !event.metaKey) || event.altKey !== Boolean(alt))
    return false;
  if (pressedKey(event) !== key) return false;
  // A sign such as "?" needs Shift on one keyboard and not on another.
  return isSign(key) || event.shiftKey === Boolean(shift);
}

/** A single sign, which also is what somebody may be writing. */
export function isLetterKey({ key, mod, alt }: Chord): boolean {
  return key.length === 1 && !mod && !alt;
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

const MAC_NAMES: Record<string, string> = { Escape: "esc", ArrowDown: "↓", ArrowUp: "↑" };
const NAMES: Record<string, string> = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑" };

/** The names of a chord's keys as they stand on the keyboard, such as Ctrl and K. */
export function keyNames({ key, mod, shift, alt }: Chord, mac = isMac()): string[] {
  const name = (mac ? MAC_NAMES : NAMES)[key] ?? key.toUpperCase();
  if (mac) return [alt && "⌥", shift && "⇧", mod && "⌘", name].filter((part) => typeof part === "string");
  return [mod && "Ctrl", alt && "Alt", shift && "Shift", name].filter((part) => typeof part === "string");
}

/** The same for `aria-keyshortcuts`. Source: WAI-ARIA 1.2, aria-keyshortcuts. */
function ariaKeys({ key, mod, shift, alt }: Chord, mac = isMac()): string {
  const modName = mac ? "Meta" : "Control";
  return [mod && modName, alt && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

/** The first shortcut of a command, for `aria-keyshortcuts`. */
export function firstKeys(name: CommandName): string | undefined {
  const [first] = chordsOf(name);
  return first && ariaKeys(first);
}

function hasMod(event: KeyboardEvent): boolean {
  return isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

function pressedKey({ key, code }: KeyboardEvent): string {
  const isOtherScript = key.length === 1 && key > "\u007f" && /^Key[A-Z]$/.test(code);
  return key.length === 1 ? (isOtherScript ? code.slice(3) : key).toLowerCase() : key;
}

function isSign(key: string): boolean {
  return key.length === 1 && !/[a-z]/.test(key);
}
