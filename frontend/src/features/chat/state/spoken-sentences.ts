/** The dot after the number of a list's item ends none. */
const SENTENCE_END = /(?<!^\s*\d{1,3})[.!?…:](?=\s)|\n/gm;
/** The mark of a source, such as [2]: a button of its own. */
const CITATION = /\s?\[\d+\]/g;

/**
 * The part of a growing text that can be read aloud: whole sentences after `from`.
 *
 * Returns the sentences without Markdown's signs, and where the next call goes on.
 */
export function spokenSentences(
  text: string,
  from: number,
  isFinal: boolean,
): { spoken: string; next: number } {
  const fresh = text.slice(from);
  const ends = [...fresh.matchAll(SENTENCE_END)].map((match) => match.index + match[0].length);
  const end = isFinal ? fresh.length : (ends.at(-1) ?? 0);
  return { spoken: withoutMarks(fresh.slice(0, end)), next: from + end };
}

function withoutMarks(markdown: string): string {
  return markdown
    .replace(CITATION, "")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/[*_`#>|]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
