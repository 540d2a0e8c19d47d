import { Archive, ArchiveRestore, Download, Pencil, Pin, PinOff, Share2, Trash2 } from "lucide-react";
import { MenuItem, MenuLink } from "@/components/ui/menu";
import { API } from "@/config/paths";
import type { useConversationActions } from "@/features/chat/hooks/use-conversation-actions";
import { useT } from "@/i18n/language";
import type { ConversationSummary } from "@/types/wire";

interface ConversationMenuProps {
  conversation: ConversationSummary;
  actions: Omit<ReturnType<typeof useConversationActions>, "rename">;
  onRename: () => void;
  /** Left out where it is not offered. */
  onShare?: () => void;
}

/** What a menu offers to do with a conversation. */
export function ConversationItems({ conversation, actions, onRename, onShare }: ConversationMenuProps) {
  const t = useT();
  const { id, pinned, archived } = conversation;
  return (
    <>
      <MenuItem icon={<Pencil aria-hidden />} onSelect={onRename}>
        {t("list.rename")}
      </MenuItem>
      {!archived && (
        <MenuItem
          icon={pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
          onSelect={() => actions.pin(id, !pinned)}
        >
          {t(pinned ? "list.unpin" : "list.pin")}
        </MenuItem>
      )}
      {onShare && (
        <MenuItem icon={<Share2 aria-hidden />} onSelect={onShare}>
          {t("share.menu")}
        </MenuItem>
      )}
      <MenuLink icon={<Download aria-hidden />} href={API.conversationExport(id)} isDownload>
        {t("list.export")}
      </MenuLink>
      <MenuItem
        icon={archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        onSelect={() => actions.archive(id, !archived)}
      >
        {t(archived ? "list.unarchive" : "list.archive")}
      </MenuItem>
      <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => actions.remove(conversation)}>
        {t("list.delete")}
      </MenuItem>
    </>
  );
}
