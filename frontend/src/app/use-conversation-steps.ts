import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { useConversations } from "@/features/chat/api/list-conversations";
import { useCommand } from "@/hooks/use-command";

/** The commands that go to the conversation above or below the open one, in the order of the list. */
export function useConversationSteps(conversationId: string | null, courseId: string | null): void {
  const [, navigate] = useLocation();
  const lists = [
    useConversations({ courseId, view: "pinned" }),
    useConversations({ courseId, view: "recent" }),
  ];
  const ids = lists.flatMap(
    ({ data }) => data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? [],
  );
  const at = conversationId ? ids.indexOf(conversationId) : -1;
  const stepTo = (id: string | undefined) => (id ? () => navigate(ROUTES.conversation(id)) : null);
  useCommand("next", stepTo(ids[at + 1]));
  useCommand("previous", stepTo(at > 0 ? ids[at - 1] : undefined));
}
