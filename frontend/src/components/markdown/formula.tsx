import { useLayoutEffect, useRef } from "react";
import styles from "@/components/markdown/markdown.module.css";
import { partOf } from "@/hooks/use-part";

interface FormulaProps {
  tex: string;
  isDisplay: boolean;
}

const typesetter = partOf(() => import("@/components/markdown/typeset"));

/** A TeX formula; the typesetter comes with the first one. Until then, and where it fails, the source stands here. */
export function Formula({ tex, isDisplay }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  // Before it is painted, so that the source is not seen in passing.
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    if (typesetter.module) {
      typesetter.module.typeset(tex, element, isDisplay);
      return undefined;
    }
    let isGone = false;
    typesetter.load().then(
      ({ typeset }) => isGone || typeset(tex, element, isDisplay),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [tex, isDisplay]);
  // The key gives the typesetter a fresh place per formula: what it puts there is not React's.
  return (
    <span key={tex} ref={place} dir="ltr" className={isDisplay ? styles.display : undefined}>
      {tex}
    </span>
  );
}
