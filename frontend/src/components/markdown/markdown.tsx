import type { Token, Tokens } from "marked";
import { memo } from "react";
import { useBlocks } from "@/components/markdown/blocks";
import { CodeBlock } from "@/components/markdown/code-block";
import { DiagramBlock } from "@/components/markdown/diagram-block";
import { Formula } from "@/components/markdown/formula";
import type { FormulaToken } from "@/components/markdown/grammar";
import { Inline, type InlineContext } from "@/components/markdown/inline";
import styles from "@/components/markdown/markdown.module.css";
import { mend } from "@/components/markdown/mend";
import { Table } from "@/components/markdown/table";
import { useT } from "@/i18n/language";

export interface MarkdownProps {
  text: string;
  /** The text is still being written. */
  isOpen?: boolean;
  context: InlineContext;
}

/** Untrusted Markdown as React elements: raw HTML is shown as text, pictures are not loaded, links are checked. */
export const Markdown = memo(function Markdown({ text, isOpen = false, context }: MarkdownProps) {
  const lines = text.replace(/\r\n?/g, "\n");
  const blocks = useBlocks(isOpen ? mend(lines) : lines);
  const topDepth = blocks.find(isHeading)?.depth ?? 1;
  return (
    <div className={styles.markdown} dir="auto">
      {blocks.map((token, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks only grow at the end
          key={index}
          token={token}
          raw={token.raw}
          isOpen={isOpen && index === blocks.length - 1}
          topDepth={topDepth}
          context={context}
        />
      ))}
    </div>
  );
});

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === "heading";
}

interface BlockProps {
  token: Token;
  /** What the block was read from: the same text is the same block. */
  raw: string;
  isOpen: boolean;
  /** The depth of the text's first heading, `#` being 1. */
  topDepth: number;
  context: InlineContext;
}

const Block = memo(BlockNode, (before, after) => {
  return (
    before.raw === after.raw &&
    before.isOpen === after.isOpen &&
    before.topDepth === after.topDepth &&
    before.context === after.context
  );
});

function BlockNode({ token, isOpen, topDepth, context }: BlockProps) {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "hr":
      return <hr />;
    case "heading":
      return <Heading token={token as Tokens.Heading} topDepth={topDepth} context={context} />;
    case "code": {
      const { text, lang } = token as Tokens.Code;
      const language = lang?.split(/\s/)[0]?.toLowerCase() ?? "";
      if (language === "mermaid" && !isOpen) return <DiagramBlock source={text} />;
      return <CodeBlock code={text} language={language} isOpen={isOpen} />;
    }
    case "blockquote":
      return <blockquote>{blocksOf((token as Tokens.Blockquote).tokens, isOpen, context)}</blockquote>;
    case "list":
      return <List token={token as Tokens.List} isOpen={isOpen} context={context} />;
    case "table":
      return <Table token={token as Tokens.Table} context={context} />;
    case "formula":
      return <Formula {...(token as unknown as FormulaToken)} />;
    case "html":
      return <p>{token.raw}</p>;
    case "text":
      return <Inline tokens={(token as Tokens.Text).tokens ?? [token]} context={context} />;
    default:
      return (
        <p>
          <Inline tokens={"tokens" in token ? token.tokens : [token]} context={context} />
        </p>
      );
  }
}

function blocksOf(tokens: Token[], isOpen: boolean, context: InlineContext) {
  return tokens.map((token, index) => (
    <Block
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks only grow at the end
      key={index}
      token={token}
      raw={token.raw}
      isOpen={isOpen && index === tokens.length - 1}
      topDepth={1}
      context={context}
    />
  ));
}

/** The page's own headings come first, so an answer's begin at the third level, whichever it begins with. */
function Heading({
  token,
  topDepth,
  context,
}: Pick<BlockProps, "topDepth" | "context"> & { token: Tokens.Heading }) {
  const levels = ["h3", "h4", "h5", "h6"] as const;
  const Level = levels[Math.min(Math.max(token.depth - topDepth, 0), levels.length - 1)] ?? "h6";
  return (
    <Level>
      <Inline tokens={token.tokens} context={context} />
    </Level>
  );
}

function List({ token, isOpen, context }: { token: Tokens.List; isOpen: boolean; context: InlineContext }) {
  const t = useT();
  const items = token.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a list only grows at its end
    <li key={index} className={item.task ? styles.task : undefined}>
      {item.task && (
        <input
          type="checkbox"
          disabled
          checked={item.checked === true}
          aria-label={t(item.checked ? "content.taskDone" : "content.taskOpen")}
        />
      )}
      {blocksOf(
        item.tokens.filter(({ type }) => type !== "checkbox"),
        isOpen && index === token.items.length - 1,
        context,
      )}
    </li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}
