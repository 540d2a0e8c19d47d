import { useEffect } from "react";
import { type CommandName, SHORTCUTS } from "@/config/shortcuts";
import { runCommand } from "@/hooks/use-command";
import { readPreference } from "@/hooks/use-preference";
import { isChord, isLetterKey } from "@/lib/chords";
import { topModal } from "@/lib/modals";

/** The one listener for all shortcuts. */
export function useShortcuts(): void {
  useEffect(() => {
    window.addEventListener("keydown", obey);
    return () => window.removeEventListener("keydown", obey);
  }, []);
}

/** Does what the keys are for, unless something took them for itself, is open above the page, or is being written in. */
function obey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isAbovePage(event)) return;
  const name = commandOf(event);
  if (name && runCommand(name)) event.preventDefault();
}

function commandOf(event: KeyboardEvent): CommandName | null {
  const takesLetters = readPreference("letterKeys") === "on" && !isWriting(event.target);
  for (const [name, chords] of Object.entries(SHORTCUTS)) {
    const isMeant = chords.some((chord) => isChord(event, chord) && (takesLetters || !isLetterKey(chord)));
    if (isMeant) return name as CommandName;
  }
  return null;
}

/** A dialog or a menu is open: its keys are its own. */
function isAbovePage({ target }: KeyboardEvent): boolean {
  return topModal() !== null || (target instanceof Element && target.closest("[role='menu']") !== null);
}

const FIELDS =
  "input:not([type='radio'], [type='checkbox'], [type='button'], [type='file']), textarea, select";

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(FIELDS);
}
