/** Markdown to tokens: GFM, formulas and citation marks. Tokens become React elements, never HTML. */
import { Marked, type Token, type TokenizerExtension } from "marked";

export interface FormulaToken {
  type: "formula";
  raw: string;
  tex: string;
  isDisplay: boolean;
}

export interface CitationToken {
  type: "citation";
  raw: string;
  marks: Mark[];
}

/** `[2]`: a number, and how many marks of the same number stand before it in the text. */
export interface Mark {
  n: number;
  before: number;
}

const BLOCK_FORMULA = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n|$)/;
// A dollar opens a formula only next to a character, and closes one only where no digit follows: "$5 and $6" is money.
const INLINE_FORMULA =
  /^(?:\$\$([^$]+?)\$\$|\\\((.+?)\\\)|\\\[(.+?)\\\]|\$(?![\s$])((?:\\.|[^$\\\n])*?[^\s\\$])\$(?!\d))/s;
const CITATION = /^\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()/;

const blockFormula: TokenizerExtension = {
  name: "formula",
  level: "block",
  start: (source) => firstIndex(source, /\$\$|\\\[/),
  tokenizer: (source) => {
    const match = BLOCK_FORMULA.exec(source);
    return match ? formula(match[0], match[1] ?? match[2] ?? "", true) : undefined;
  },
};

const inlineFormula: TokenizerExtension = {
  name: "inlineFormula",
  level: "inline",
  start: (source) => firstIndex(source, /\$|\\[([]/),
  tokenizer: (source) => {
    const match = INLINE_FORMULA.exec(source);
    if (!match) return undefined;
    const display = match[1] ?? match[3];
    return formula(match[0], display ?? match[2] ?? match[4] ?? "", display !== undefined);
  },
};

const citation: TokenizerExtension = {
  name: "citation",
  level: "inline",
  start: (source) => firstIndex(source, /\[\d/),
  tokenizer: (source) => {
    const match = CITATION.exec(source);
    if (!match) return undefined;
    const marks = (match[1] ?? "").split(/[,;]/).map((n) => ({ n: Number(n), before: 0 }));
    return { type: "citation", raw: match[0], marks } satisfies CitationToken;
  },
};

const marked = new Marked(
  { gfm: true, breaks: false },
  { extensions: [blockFormula, inlineFormula, citation] },
);

export function tokensOf(markdown: string): Token[] {
  return marked.lexer(markdown);
}

/** How many marks of each number there are. */
export type MarkCounts = ReadonlyMap<number, number>;

/** Tell each citation mark how many of its number stand before it. Returns the counts with these. */
export function countMarks(tokens: Token[], before: MarkCounts): MarkCounts {
  const seen = new Map(before);
  marked.walkTokens(tokens, (token) => {
    if (token.type !== "citation") return;
    for (const mark of (token as unknown as CitationToken).marks) {
      mark.before = seen.get(mark.n) ?? 0;
      seen.set(mark.n, mark.before + 1);
    }
  });
  return seen;
}

function formula(raw: string, tex: string, isDisplay: boolean): FormulaToken {
  return { type: "formula", raw, tex: tex.trim(), isDisplay };
}

function firstIndex(source: string, pattern: RegExp): number | undefined {
  const index = source.search(pattern);
  return index < 0 ? undefined : index;
}
