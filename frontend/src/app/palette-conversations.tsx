import { MessageSquare } from "lucide-react";
import { useLocation } from "wouter";
import { MarkedText } from "@/components/ui/marked-text";
import { ROUTES } from "@/config/paths";
import { useConversations } from "@/features/chat/api/list-conversations";
import { useConversationSearch } from "@/features/chat/api/search-conversations";
import type { PaletteGroup, PaletteItem } from "@/features/palette/types";
import { useT } from "@/i18n/language";
import type { FoundConversation } from "@/types/wire";

/** Enough to go on with; the rest is found by its words. */
const RECENT = 5;

export function useRecentGroup(): PaletteGroup {
  const t = useT();
  const [, navigate] = useLocation();
  const list = useConversations({ courseId: null, view: "recent" });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return {
    id: "recent",
    title: t("palette.conversations"),
    items: items.slice(0, RECENT).map(({ id, title }) => ({
      id: `conversation ${id}`,
      name: title || t("list.untitled"),
      icon: <MessageSquare aria-hidden />,
      onSelect: () => navigate(ROUTES.conversation(id)),
    })),
  };
}

/** The conversations in whose title or texts the words stand, and what to say of the search. */
export function useFoundGroup(words: string): { group: PaletteGroup; notice: string | null } {
  const t = useT();
  const [, navigate] = useLocation();
  const search = useConversationSearch(words);
  const found = words ? (search.data ?? []) : [];
  return {
    notice:
      words && search.isError ? t("palette.searchFailed") : search.isLoading ? t("palette.looking") : null,
    group: {
      id: "found",
      title: t("palette.conversations"),
      isFound: true,
      items: found.map((each) => itemOf(each, t("list.untitled"), navigate)),
    },
  };
}

/** Opens at the message in which the words were found. */
function itemOf(
  { conversation: { id, title }, title_marks, hits: [hit] }: FoundConversation,
  untitled: string,
  navigate: (to: string) => void,
): PaletteItem {
  return {
    id: `conversation ${id}`,
    name: title || untitled,
    label: title ? <MarkedText text={title} marks={title_marks} /> : untitled,
    detail: hit && <MarkedText text={hit.snippet} marks={hit.marks} />,
    icon: <MessageSquare aria-hidden />,
    onSelect: () => navigate(hit ? ROUTES.message(id, hit.message_id) : ROUTES.conversation(id)),
  };
}
