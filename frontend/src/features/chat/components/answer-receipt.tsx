import { Info } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { partOf, usePart } from "@/hooks/use-part";
import { useT } from "@/i18n/language";

const panelPart = partOf(() => import("@/features/chat/components/receipt-panel"));

/** The way to what is known of how an answer came about. */
export function AnswerReceipt({ message }: { message: VisibleMessage }) {
  const t = useT();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        label={t("receipt.open")}
        icon={<Info aria-hidden />}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && <LazyPanel {...{ message, button }} onClose={() => setOpen(false)} />}
    </>
  );
}

interface LazyPanelProps {
  message: VisibleMessage;
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** Nothing until it is here: it comes at once, or after a moment on a weak line. */
function LazyPanel(props: LazyPanelProps) {
  const { module } = usePart(panelPart);
  return module ? <module.ReceiptPanel {...props} /> : null;
}
