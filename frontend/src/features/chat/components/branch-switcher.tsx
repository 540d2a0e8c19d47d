import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { IconButton } from "@/components/ui/button";
import styles from "@/features/chat/components/branch-switcher.module.css";
import { useT } from "@/i18n/language";
import type { Siblings } from "@/types/wire";

interface BranchSwitcherProps {
  className?: string;
  siblings: Siblings;
  isDisabled: boolean;
  /** Shows the version of this id; `place` is what should stay where it is meanwhile. */
  onSwitch: (messageId: string, place: Element) => void;
}

/** ‹ 2 / 3 ›: which version of a message is shown, and the way to the others. Nothing where there is only one. */
export function BranchSwitcher({ className = "", siblings, isDisabled, onSwitch }: BranchSwitcherProps) {
  const { ids, index } = siblings;
  const t = useT();
  const group = useRef<HTMLFieldSetElement>(null);
  if (ids.length < 2) return null;
  const name = t("version.name", { n: index + 1, count: ids.length });
  const step = (to: number, label: string, icon: ReactNode) => {
    const id = ids[to];
    const isOff = isDisabled || id === undefined;
    // Not `disabled`: at the last version the focus would be lost.
    return (
      <IconButton
        label={label}
        icon={icon}
        aria-disabled={isOff}
        onClick={() => !isOff && group.current && onSwitch(id, group.current)}
      />
    );
  };
  return (
    <fieldset ref={group} className={`${styles.switcher} ${className}`} aria-label={name}>
      {step(index - 1, t("version.previous"), <ChevronLeft aria-hidden />)}
      <span aria-hidden className={styles.count}>
        {t("version.count", { n: index + 1, count: ids.length })}
      </span>
      <span className="visually-hidden" aria-live="polite">
        {name}
      </span>
      {step(index + 1, t("version.next"), <ChevronRight aria-hidden />)}
    </fieldset>
  );
}
