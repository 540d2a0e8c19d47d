/** How many characters a text is over the limit; not above 0 when it fits. Counted as the server does: by code point. */
export function excessOf(text: string, maxChars: number): number {
  return [...text.trim()].length - maxChars;
}

/** Whether a key sends the text: Enter, but not for a new line, nor to choose a word of an input method. */
export function isSendKey({ key, shiftKey, isComposing }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !isComposing;
}
