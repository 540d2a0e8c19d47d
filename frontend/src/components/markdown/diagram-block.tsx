import { Workflow } from "lucide-react";
import { useState } from "react";
import { DIAGRAM_MAX_CHARS, type DrawProblem } from "@/components/diagram/messages";
import { useDiagram } from "@/components/diagram/use-diagram";
import { CodeFigure, CodeText } from "@/components/markdown/code-block";
import styles from "@/components/markdown/diagram-block.module.css";
import { Button } from "@/components/ui/button";
import type { MessageKey } from "@/i18n/catalogue";
import { useT } from "@/i18n/language";

const PROBLEMS: Record<DrawProblem, MessageKey> = {
  source: "diagram.wrong",
  line: "diagram.notLoaded",
  time: "diagram.tooSlow",
};

/** The source of a diagram, and its picture when somebody asks for it: what draws it is large. */
export function DiagramBlock({ source }: { source: string }) {
  const t = useT();
  const [isWanted, setWanted] = useState(false);
  const { picture, problem } = useDiagram(source, isWanted);
  const isDrawing = isWanted && !picture && !problem;
  const isTooLong = source.length > DIAGRAM_MAX_CHARS;
  const button = (
    <Button
      tone="quiet"
      className={styles.draw ?? ""}
      icon={<Workflow aria-hidden />}
      aria-busy={isDrawing}
      onClick={() => setWanted(!isWanted)}
    >
      {t(
        isDrawing ? "diagram.drawing" : picture ? "diagram.hide" : problem ? "diagram.again" : "diagram.draw",
      )}
    </Button>
  );
  return (
    <CodeFigure code={source} title="mermaid" tools={!isTooLong && button}>
      <p role="status" className={problem || isTooLong ? styles.problem : "visually-hidden"}>
        {isTooLong
          ? t("diagram.tooLong")
          : problem
            ? t(PROBLEMS[problem])
            : picture
              ? t("diagram.drawn")
              : null}
      </p>
      {picture ? <Picture address={picture} source={source} /> : <CodeText>{source}</CodeText>}
    </CodeFigure>
  );
}

function Picture({ address, source }: { address: string; source: string }) {
  const t = useT();
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className={styles.picture} aria-label={t("diagram.name")} tabIndex={0}>
        <img src={address} alt={t("diagram.alt")} />
      </section>
      <details className={styles.source}>
        <summary>{t("diagram.source")}</summary>
        <CodeText>{source}</CodeText>
      </details>
    </>
  );
}
