import { type RefObject, useEffect, useRef } from "react";

/**
 * The next thing to do is to write; a phone's keyboard is not opened unasked.
 *
 * So it also is when a prompt has been sent from elsewhere, and what had the focus went with the version it stood in.
 */
export function useFocusedComposer(
  field: RefObject<HTMLTextAreaElement | null>,
  conversationId: string | null,
  isSending: boolean,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation that is opened
  useEffect(() => {
    if (canHover()) field.current?.focus();
  }, [field, conversationId]);
  const wasSending = useRef(false);
  useEffect(() => {
    const isSent = wasSending.current && !isSending;
    wasSending.current = isSending;
    if (isSent && canHover() && document.activeElement === document.body) field.current?.focus();
  }, [field, isSending]);
}

function canHover(): boolean {
  return window.matchMedia("(hover: hover)").matches;
}
