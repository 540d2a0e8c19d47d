import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useRoute } from "wouter";
import { ChatPage } from "@/app/chat-page";
import styles from "@/app/chat-page.module.css";
import { NotFoundPage } from "@/app/not-found-page";
import { Shell } from "@/app/shell";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { useRenewedSession, useSession } from "@/features/accounts/api/get-session";
import { useIdentityOfOtherTabs } from "@/features/accounts/hooks/use-identity";
import { useLiveFeed } from "@/features/chat/hooks/use-live-feed";
import { UploadsProvider } from "@/features/documents/hooks/use-uploads";
import { applyDocument, refreshDocuments } from "@/features/documents/state/document-cache";
import { useT } from "@/i18n/language";

// Most visits are to the chat: it need not wait for these.
const AccountRoutes = lazy(async () => ({ default: (await import("@/app/account-routes")).AccountRoutes }));
const LibraryPage = lazy(async () => ({ default: (await import("@/app/library-page")).LibraryPage }));

export function Routes() {
  const user = useSession().data?.user;
  const renewSession = useRenewedSession();
  useIdentityOfOtherTabs();
  const [isAccount] = useRoute(ROUTES.account);
  const [isAccountPage] = useRoute(`${ROUTES.account}/:page`);
  return (
    <UploadsProvider accountId={user && !user.is_guest ? user.id : null} onStored={renewSession}>
      {/* A guest who signs in is somebody else to the gateway: that one's feed is another connection. */}
      <LiveFeed key={user && !user.is_guest ? user.id : "guest"} hasUser={Boolean(user)} />
      {isAccount || isAccountPage ? (
        <Suspense fallback={null}>
          <AccountRoutes />
        </Suspense>
      ) : (
        <ShellRoutes />
      )}
    </UploadsProvider>
  );
}

function LiveFeed({ hasUser }: { hasUser: boolean }) {
  const client = useQueryClient();
  useLiveFeed(hasUser, {
    onDocument: (document) => applyDocument(client, document),
    onOpen: () => refreshDocuments(client),
  });
  return null;
}

/** A new chat becomes `/c/<id>` while its answer is read, so both addresses are one and the same page. */
function ShellRoutes() {
  const [isHome] = useRoute(ROUTES.home);
  const [isLibrary] = useRoute(ROUTES.library);
  const [isConversation, params] = useRoute("/c/:id");
  const conversationId = params?.id ?? null;
  return (
    <Shell conversationId={conversationId} isLibrary={isLibrary}>
      {isLibrary ? (
        <Suspense fallback={<LibraryComing />}>
          <LibraryPage />
        </Suspense>
      ) : isHome || isConversation ? (
        <ChatPage conversationId={conversationId} />
      ) : (
        <NotFoundPage />
      )}
    </Shell>
  );
}

function LibraryComing() {
  const t = useT();
  return (
    <div className={styles.loading}>
      <Skeleton label={t("common.loading")} lines={[30, 100, 55, 30, 70, 30]} />
    </div>
  );
}
