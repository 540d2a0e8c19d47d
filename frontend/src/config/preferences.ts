/**
 * How somebody wants to see the page, kept in this browser: the values of each choice, the usual one first.
 *
 * Any other than the usual one stands as `data-<name>` at the document's root, where src/app/tokens.css reads it.
 * public/theme.js sets the same before the page paints.
 */
export const PREFERENCES = {
  theme: ["system", "light", "dark"],
  contrast: ["system", "high"],
  reading: ["usual", "easy"],
  textSize: ["usual", "large", "larger"],
  motion: ["system", "reduced"],
  /** Shortcuts of a single letter. WCAG 2.2, 2.1.4: they can be turned off. */
  letterKeys: ["on", "off"],
  sidebar: ["shown", "hidden"],
  /** Whether bytes are spared; `auto` leaves it to what the browser says of the line (src/lib/data-saver.ts). */
  dataSaver: ["auto", "on", "off"],
} as const;

export type PreferenceName = keyof typeof PREFERENCES;
export type Preference<Name extends PreferenceName> = (typeof PREFERENCES)[Name][number];
