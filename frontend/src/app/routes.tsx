import { useRoute } from "wouter";
import { ChatPage } from "@/app/chat-page";
import { NotFoundPage } from "@/app/not-found-page";
import { Shell } from "@/app/shell";
import { useSession } from "@/features/accounts/api/get-session";
import { useLiveFeed } from "@/features/chat/hooks/use-live-feed";

/** A new chat becomes `/c/<id>` while its answer is read, so both addresses are one and the same page. */
export function Routes() {
  const session = useSession();
  useLiveFeed(Boolean(session.data?.user));
  const [isHome] = useRoute("/");
  const [isConversation, params] = useRoute("/c/:id");
  const conversationId = params?.id ?? null;
  return (
    <Shell conversationId={conversationId}>
      {isHome || isConversation ? <ChatPage conversationId={conversationId} /> : <NotFoundPage />}
    </Shell>
  );
}
