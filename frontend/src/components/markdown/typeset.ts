import katex from "katex";
import "katex/dist/katex.min.css";

const MAX_EXPANSIONS = 500;
const MAX_SIZE_EM = 20;

/**
 * Put the formula into `place` as elements (no HTML text, so no inline styles for a policy to refuse); what is no formula
 * stays as it was written.
 */
export function typeset(tex: string, place: HTMLElement, isDisplay: boolean): void {
  try {
    katex.render(tex, place, {
      displayMode: isDisplay,
      // Its own way to show an error sets a style attribute, which the policy reports.
      throwOnError: true,
      strict: false,
      trust: false,
      maxExpand: MAX_EXPANSIONS,
      maxSize: MAX_SIZE_EM,
    });
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    place.textContent = tex;
  }
}
