import type { Token } from "marked";
import { useRef } from "react";
import { countMarks, type MarkCounts, tokensOf } from "@/components/markdown/grammar";

interface Settled {
  source: string;
  tokens: Token[];
  marks: MarkCounts;
}

const NOTHING: Settled = { source: "", tokens: [], marks: new Map() };

const OPEN_BLOCKS = 2;

/**
 * The blocks of a growing text. What stands before its last two blocks is read once and kept, so that each
 * new word costs the same in a long answer as in a short one.
 */
export function useBlocks(markdown: string): Token[] {
  const settled = useRef<Settled>(NOTHING);
  if (!markdown.startsWith(settled.current.source)) settled.current = NOTHING;
  const fresh = tokensOf(markdown.slice(settled.current.source.length));
  countMarks(fresh, settled.current.marks);
  const blocks = [...settled.current.tokens, ...fresh];
  settled.current = settle(settled.current, fresh);
  return blocks;
}

function settle(settled: Settled, fresh: Token[]): Settled {
  const contents = fresh.flatMap((token, index) => (token.type === "space" ? [] : [index]));
  const end = contents.at(-OPEN_BLOCKS) ?? 0;
  if (end === 0) return settled;
  const closed = fresh.slice(0, end);
  return {
    source: settled.source + closed.map(({ raw }) => raw).join(""),
    tokens: [...settled.tokens, ...closed],
    marks: countMarks(closed, settled.marks),
  };
}
