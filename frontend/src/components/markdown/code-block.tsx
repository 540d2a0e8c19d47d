import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { HighlightTree } from "@/components/markdown/highlight";
import styles from "@/components/markdown/markdown.module.css";
import { IconButton } from "@/components/ui/button";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";

interface CodeBlockProps {
  code: string;
  language: string;
  /** Still being written: colours wait until it is whole. */
  isOpen: boolean;
}

const MAX_HIGHLIGHTED_CHARS = 50_000;

export function CodeBlock({ code, language, isOpen }: CodeBlockProps) {
  const t = useT();
  const tree = useHighlight(code, language, isOpen);
  return (
    <CodeFigure code={code} title={language || t("content.code")}>
      <CodeText>{tree ? tree.children.map(nodeOf) : code}</CodeText>
    </CodeFigure>
  );
}

interface CodeFigureProps {
  /** What is copied. */
  code: string;
  title: string;
  /** What else can be done with it. */
  tools?: ReactNode;
  children: ReactNode;
}

export function CodeFigure({ code, title, tools, children }: CodeFigureProps) {
  const t = useT();
  const [isCopied, copy] = useCopy();
  return (
    <figure className={styles.code}>
      <figcaption className={styles.codeHead}>
        <span className={styles.codeTitle}>{title}</span>
        {tools}
        <IconButton
          label={isCopied ? t("common.copied") : t("content.copyCode")}
          icon={isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
          onClick={() => copy(code)}
        />
      </figcaption>
      {children}
    </figure>
  );
}

export function CodeText({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre tabIndex={0} dir="ltr">
      <code>{children}</code>
    </pre>
  );
}

function useHighlight(code: string, language: string, isOpen: boolean): HighlightTree | null {
  const [tree, setTree] = useState<{ code: string; tree: HighlightTree | null }>({ code: "", tree: null });
  useEffect(() => {
    if (isOpen || !language || code.length > MAX_HIGHLIGHTED_CHARS) return undefined;
    let isGone = false;
    void import("@/components/markdown/highlight").then(({ highlight }) => {
      if (!isGone) setTree({ code, tree: highlight(code, language) });
    });
    return () => {
      isGone = true;
    };
  }, [code, language, isOpen]);
  return tree.code === code ? tree.tree : null;
}

type HighlightNode = HighlightTree["children"][number];

function nodeOf(node: HighlightNode, index: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const classes = node.properties.className;
  return (
    <span key={index} className={Array.isArray(classes) ? classes.join(" ") : undefined}>
      {node.children.map(nodeOf)}
    </span>
  );
}
