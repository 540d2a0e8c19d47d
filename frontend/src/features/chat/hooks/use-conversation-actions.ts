import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { useDeleteConversation, useRestoreConversation } from "@/features/chat/api/delete-conversation";
import { useChangeConversation } from "@/features/chat/api/update-conversation";
import { forgetDraft } from "@/features/chat/state/drafts";
import type { MessageKey } from "@/i18n/catalogue";
import { useT } from "@/i18n/language";
import { isByKeyboard, recoverFocus } from "@/lib/lost-focus";
import { showToast } from "@/lib/toasts";
import type { ConversationSummary } from "@/types/wire";

/** What can be done with a conversation; each is seen at once, and taken back with a sentence when it fails. */
export function useConversationActions() {
  const t = useT();
  const { mutateAsync } = useChangeConversation();
  // The row that was pressed may be gone by the time of the answer, and a mutation's own listeners with it.
  const change = (changed: Parameters<typeof mutateAsync>[0], failure: MessageKey = "list.changeFailed") =>
    void mutateAsync(changed).catch(() => showToast({ text: t(failure), tone: "danger" }));
  return {
    rename: (id: string, title: string) => change({ id, title }, "list.renameFailed"),
    pin: (id: string, pinned: boolean) => {
      change({ id, pinned });
      recoverFocus();
    },
    archive: (id: string, archived: boolean) => {
      const takesFocus = isByKeyboard();
      change({ id, archived });
      showToast({
        text: t(archived ? "list.archivedNow" : "list.unarchivedNow"),
        action: { label: t("common.undo"), onAction: () => change({ id, archived: !archived }) },
        takesFocus,
      });
      if (!takesFocus) recoverFocus();
    },
    remove: useRemoval(),
  };
}

/** Deleting asks nothing, as it can be undone; what was open is left, and opened again when it is back. */
function useRemoval(): (conversation: ConversationSummary) => void {
  const t = useT();
  const [location, navigate] = useLocation();
  const { mutateAsync: remove } = useDeleteConversation();
  const { mutateAsync: restore } = useRestoreConversation();
  return ({ id }) => {
    const isOpen = location === ROUTES.conversation(id);
    const reopen = () => isOpen && navigate(ROUTES.conversation(id));
    const failed = (text: string) => showToast({ text, tone: "danger" });
    const takesFocus = isByKeyboard();
    /** Whether the server has done it. */
    const removal = remove(id).then(
      () => true,
      () => {
        reopen();
        failed(t("list.deleteFailed"));
        return false;
      },
    );
    const undo = async () => {
      if (!(await removal)) return;
      await restore(id).then(reopen, () => failed(t("list.restoreFailed")));
    };
    if (isOpen) navigate(ROUTES.home);
    showToast({
      text: t("list.deleted"),
      action: { label: t("common.undo"), onAction: () => void undo() },
      takesFocus,
      onGone: () => void removal.then((isDone) => isDone && forgetDraft(id)),
    });
    if (!takesFocus) recoverFocus();
  };
}
