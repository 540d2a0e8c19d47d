import styles from "@/components/markdown/lazy-markdown.module.css";
import type { MarkdownProps } from "@/components/markdown/markdown";
import { partOf, usePart } from "@/hooks/use-part";

const markdown = partOf(() => import("@/components/markdown/markdown"));

/** Have the parser fetched before the first answer needs it; a line that is cut shows where that is. */
export async function fetchMarkdown(): Promise<void> {
  await markdown.load().catch(() => undefined);
}

/** A text as Markdown. Until the parser is here, and where it does not come, the text as it was written. */
export function LazyMarkdown(props: MarkdownProps) {
  const { module } = usePart(markdown);
  if (module) return <module.Markdown {...props} />;
  return (
    <p className={styles.plain} dir="auto">
      {props.text}
    </p>
  );
}
