import styles from "@/components/ui/skeleton.module.css";
import { VisuallyHidden } from "@/components/ui/visually-hidden";

interface SkeletonProps {
  label: string;
  /** Width of each line in percent: the shape of what is loading. */
  lines: number[];
}

/** Stands where content will be; appears only when loading takes longer than a blink. */
export function Skeleton({ label, lines }: SkeletonProps) {
  return (
    <div className={styles.skeleton} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {lines.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
        <div key={index} className={styles.line} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
