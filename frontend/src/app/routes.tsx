import { lazy, Suspense } from "react";
import { useRoute } from "wouter";
import { ChatPage } from "@/app/chat-page";
import { NotFoundPage } from "@/app/not-found-page";
import { Shell } from "@/app/shell";
import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import { useIdentityOfOtherTabs } from "@/features/accounts/hooks/use-identity";
import { useLiveFeed } from "@/features/chat/hooks/use-live-feed";

// Most visits are to the chat: it need not wait for these.
const AccountRoutes = lazy(async () => ({ default: (await import("@/app/account-routes")).AccountRoutes }));

export function Routes() {
  const user = useSession().data?.user;
  useIdentityOfOtherTabs();
  const [isAccount] = useRoute(ROUTES.account);
  const [isAccountPage] = useRoute(`${ROUTES.account}/:page`);
  return (
    <>
      {/* A guest who signs in is somebody else to the gateway: that one's feed is another connection. */}
      <LiveFeed key={user && !user.is_guest ? user.id : "guest"} hasUser={Boolean(user)} />
      {isAccount || isAccountPage ? (
        <Suspense fallback={null}>
          <AccountRoutes />
        </Suspense>
      ) : (
        <ChatRoutes />
      )}
    </>
  );
}

function LiveFeed({ hasUser }: { hasUser: boolean }) {
  useLiveFeed(hasUser);
  return null;
}

/** A new chat becomes `/c/<id>` while its answer is read, so both addresses are one and the same page. */
function ChatRoutes() {
  const [isHome] = useRoute("/");
  const [isConversation, params] = useRoute("/c/:id");
  const conversationId = params?.id ?? null;
  return (
    <Shell conversationId={conversationId}>
      {isHome || isConversation ? <ChatPage conversationId={conversationId} /> : <NotFoundPage />}
    </Shell>
  );
}
