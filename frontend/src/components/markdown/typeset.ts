import katex from "katex";
import "katex/dist/katex.min.css";

const MAX_EXPANSIONS = 500;
const MAX_SIZE_EM = 20;

/** Put the formula into `place` as elements (no HTML text, so no inline styles for a policy to refuse). */
export function typeset(tex: string, place: HTMLElement, isDisplay: boolean): void {
  katex.render(tex, place, {
    displayMode: isDisplay,
    throwOnError: false,
    errorColor: "currentColor",
    strict: false,
    trust: false,
    maxExpand: MAX_EXPANSIONS,
    maxSize: MAX_SIZE_EM,
  });
}
