import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { partOf, usePart } from "@/hooks/use-part";
import { subscribeToModals, topModal } from "@/lib/modals";
import { currentToast, type ShownToast, subscribeToToasts } from "@/lib/toasts";

const toastPart = partOf(() => import("@/components/ui/toast"));

/** The place of what is said in passing; fetched with the first thing to say. */
export function LazyToasts() {
  const toast = useSyncExternalStore(subscribeToToasts, currentToast);
  return toast ? <Shown toast={toast} /> : null;
}

function Shown({ toast }: { toast: ShownToast }) {
  const { module } = usePart(toastPart);
  // What is outside of a modal dialog can neither be seen nor pressed.
  const modal = useSyncExternalStore(subscribeToModals, topModal);
  return module ? createPortal(<module.ToastPlace toast={toast} />, modal ?? document.body) : null;
}
