import { useEffect, useRef } from "react";
import styles from "@/components/markdown/markdown.module.css";

interface FormulaProps {
  tex: string;
  isDisplay: boolean;
}

/** A TeX formula; the typesetter comes with the first one. Until then, and where it fails, the source stands here. */
export function Formula({ tex, isDisplay }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let isGone = false;
    void import("@/components/markdown/typeset").then(({ typeset }) => {
      if (!isGone && place.current) typeset(tex, place.current, isDisplay);
    });
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
