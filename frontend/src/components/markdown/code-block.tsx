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
  const [isCopied, copy] = useCopy();
  const tree = useHighlight(code, language, isOpen);
  return (
    <figure className={styles.code}>
      <figcaption className={styles.codeHead}>
        <span>{language || t("content.code")}</span>
        <IconButton
          label={isCopied ? t("common.copied") : t("content.copyCode")}
          icon={isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
          onClick={() => copy(code)}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{tree ? tree.children.map(nodeOf) : code}</code>
      </pre>
    </figure>
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
