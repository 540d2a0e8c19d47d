import { useEffect } from "react";
import { partOf, usePart } from "@/hooks/use-part";
import { useT } from "@/i18n/language";
import { showToast } from "@/lib/toasts";

const sharePart = partOf(() => import("@/features/sharing/components/share-dialog"));

interface LazyShareDialogProps {
  conversation: { id: string; title: string };
  onClose: () => void;
}

/** The dialog that shares a conversation, fetched when it is asked for. */
export function LazyShareDialog(props: LazyShareDialogProps) {
  const t = useT();
  const { module, hasFailed } = usePart(sharePart);
  const { onClose } = props;
  useEffect(() => {
    if (!hasFailed) return;
    showToast({ text: t("app.partFailed"), tone: "danger" });
    onClose();
  }, [hasFailed, onClose, t]);
  return module ? <module.ShareDialog {...props} /> : null;
}
