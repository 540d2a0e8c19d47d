import { type ReactNode, useId } from "react";
import styles from "@/components/ui/section.module.css";

interface SectionProps {
  title: string;
  intro?: string;
  children: ReactNode;
}

/** One matter of a page that has several. */
export function Section({ title, intro, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {intro && <p className={styles.intro}>{intro}</p>}
      </div>
      {children}
    </section>
  );
}
