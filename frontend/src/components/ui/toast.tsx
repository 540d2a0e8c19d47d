import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useEffect, useRef } from "react";
import { Button, IconButton } from "@/components/ui/button";
import styles from "@/components/ui/toast.module.css";
import { TOAST_MS } from "@/config/limits";
import { useT } from "@/i18n/language";
import { holdFocus, recoverFocus } from "@/lib/lost-focus";
import { closeToast, currentToast, type ShownToast, takeToastAction } from "@/lib/toasts";

/** What is said in passing, aloud as well; it stays while the focus or the pointer is on it. F8 goes there. */
export function ToastPlace({ toast }: { toast: ShownToast }) {
  const t = useT();
  const { id, text, tone = "plain", action } = toast;
  return (
    <Radix.Provider duration={TOAST_MS} label={t("toast.title")} swipeDirection="down">
      <Radix.Root
        key={id}
        className={`${styles.toast} ${styles[tone]}`}
        // What failed is told at once, the rest when nothing else is being said.
        type={tone === "danger" ? "foreground" : "background"}
        onOpenChange={(isOpen) => {
          // Another one may have taken its place.
          if (!isOpen && currentToast()?.id === id) closeToast();
        }}
      >
        <Radix.Title className={styles.text}>{text}</Radix.Title>
        {action && <Action label={action.label} takesFocus={toast.takesFocus ?? false} />}
        <Radix.Close asChild>
          <IconButton label={t("common.close")} icon={<X aria-hidden />} />
        </Radix.Close>
      </Radix.Root>
      <Radix.Viewport className={styles.place} label={t("toast.place", { hotkey: "F8" })} />
    </Radix.Provider>
  );
}

function Action({ label, takesFocus }: { label: string; takesFocus: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!takesFocus) return undefined;
    holdFocus(() => button.current);
    return recoverFocus;
  }, [takesFocus]);
  return (
    <Radix.Action asChild altText={label}>
      <Button ref={button} tone="quiet" className={styles.action ?? ""} onClick={takeToastAction}>
        {label}
      </Button>
    </Radix.Action>
  );
}
