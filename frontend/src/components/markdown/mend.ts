/**
 * Close what is still open at the end of a text that is being written, so that it does not flicker.
 *
 * A mark without its content is held back; a half link shows its words; a half formula waits.
 */
export function mend(markdown: string): string {
  if (isInFence(markdown)) return markdown;
  const settled = withoutHalfMarker(markdown);
  const start = settled.lastIndexOf("\n\n") + 1;
  return settled.slice(0, start) + mendParagraph(settled.slice(start));
}

const HALF_MARKER = /(^|\n)[ \t]*(?:[-=*+>#|]+|\d{1,3}[.)]?)[ \t]*$/;
/** A table's head is a paragraph until its second line is whole. */
const HALF_TABLE = /(^|\n)\|[^\n]*(?:\n[|:\- \t]*)?$/;

function isInFence(markdown: string): boolean {
  return (markdown.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0) % 2 === 1;
}

function withoutHalfMarker(markdown: string): string {
  const block = markdown.slice(markdown.lastIndexOf("\n\n") + 1);
  const isTableBegun = /\n[|: \t]*-[|:\- \t]*\n/.test(block);
  const text = isTableBegun ? markdown : markdown.replace(HALF_TABLE, "$1");
  return text.replace(HALF_MARKER, "$1");
}

const SIGN = /[\\`$*_~]/;
const MARKS = ["**", "__", "~~", "*", "_"];

interface Open {
  mark: string;
  at: number;
}

function mendParagraph(text: string): string {
  const open: Open[] = [];
  let at = 0;
  for (;;) {
    // From sign to sign: a long paragraph is mended anew with each word.
    const next = text.slice(at).search(SIGN);
    if (next < 0) break;
    at += next;
    const span = literalSpan(text, at);
    if (span?.end === null) return closeMarks(text.slice(0, at) + span.shown, open);
    if (span) at = span.end;
    else at = stepMark(text, at, open);
  }
  return closeMarks(withoutHalfLink(text), open);
}

/** A code span or formula at `at`; `end` is null when it is still open, and `shown` stands for it then. */
function literalSpan(
  text: string,
  at: number,
): { end: number; shown: "" } | { end: null; shown: string } | null {
  const ticks = /^`+/.exec(text.slice(at, at + 8))?.[0];
  if (ticks) {
    const end = text.indexOf(ticks, at + ticks.length);
    if (end >= 0) return { end: end + ticks.length, shown: "" };
    const code = text.slice(at + ticks.length);
    return { end: null, shown: code.trim() ? ticks + code + ticks : "" };
  }
  const [opening, closing] = FORMULA_MARKS.find(([mark]) => text.startsWith(mark, at)) ?? [];
  if (!opening || !closing) return null;
  const end = text.indexOf(closing, at + opening.length);
  if (end >= 0) return { end: end + closing.length, shown: "" };
  if (opening === "$" && !mayBeFormula(text.slice(at))) return null;
  return { end: null, shown: "" };
}

/** Longer than most formulas without any sign of TeX: beyond it, a dollar is the name of a variable or the like. */
const PLAIN_FORMULA_CHARS = 40;

/** A single dollar may be money: it waits for its end when what follows looks like TeX, or is no number. */
function mayBeFormula(text: string): boolean {
  const isPlain = text === "$" || (/^\$[^\s\d]/.test(text) && text.length <= PLAIN_FORMULA_CHARS);
  return isPlain || /[\\^_{]/.test(text);
}

const FORMULA_MARKS = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
  ["$", "$"],
] as const;

/** Note a mark that opens or closes at `at`; returns where to read on. */
function stepMark(text: string, at: number, open: Open[]): number {
  if (text[at] === "\\") return at + 2;
  const mark = MARKS.find((candidate) => text.startsWith(candidate, at));
  if (!mark) return at + 1;
  const after = text[at + mark.length];
  const before = text[at - 1];
  const isInWord = mark.startsWith("_") && /\w/.test(before ?? "") && /\w/.test(after ?? "");
  const known = open.findLastIndex((entry) => entry.mark === mark);
  if (known >= 0 && before && /\S/.test(before)) open.splice(known);
  else if (!isInWord && (after === undefined || /\S/.test(after))) open.push({ mark, at });
  return at + mark.length;
}

function closeMarks(text: string, open: Open[]): string {
  return open.reduceRight((shown, { mark, at }) => {
    const content = shown.slice(at + mark.length);
    return content.trim() ? shown.trimEnd() + mark : shown.slice(0, at) + content;
  }, text);
}

function withoutHalfLink(text: string): string {
  return text.replace(/!?\[([^\][\n]*)\]\([^)\s]*$/, "$1").replace(/!?\[\d{0,3}$/, "");
}
