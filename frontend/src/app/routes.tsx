import { useQueryClient } from "@tanstack/react-query";
import { useRoute } from "wouter";
import { ChatPage } from "@/app/chat-page";
import styles from "@/app/chat-page.module.css";
import { LazyOfflineDesk } from "@/app/lazy-offline-desk";
import { LazyToasts } from "@/app/lazy-toasts";
import { NotFoundPage } from "@/app/not-found-page";
import { PaletteHost } from "@/app/palette-host";
import { Shell } from "@/app/shell";
import { PartFailed } from "@/components/ui/part-failed";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { useRenewedSession, useSession } from "@/features/accounts/api/get-session";
import { useIdentityOfOtherTabs } from "@/features/accounts/hooks/use-identity";
import { useLiveFeed } from "@/features/chat/hooks/use-live-feed";
import { useRefreshedCourses } from "@/features/courses/api/courses";
import { UploadsProvider } from "@/features/documents/hooks/use-uploads";
import { applyDocument, refreshDocuments } from "@/features/documents/state/document-cache";
import { type PartHandle, partOf, usePart } from "@/hooks/use-part";
import { useT } from "@/i18n/language";
import type { StudyDocument } from "@/types/wire";

// Most visits are to the chat: it need not wait for these.
const accountRoutes = partOf(() => import("@/app/account-routes"));
const libraryPage = partOf(() => import("@/app/library-page"));
const settingsPage = partOf(() => import("@/app/settings-page"));
const sharedPage = partOf(() => import("@/app/shared-page"));

const PARTS = [
  { of: /^\/account(?:\/|$)/, part: accountRoutes },
  { of: /^\/library$/, part: libraryPage },
  { of: /^\/settings$/, part: settingsPage },
  { of: /^\/s\//, part: sharedPage },
];

/** Begin to fetch what the opened address needs, before anything is drawn; a line that is cut shows where that is. */
export function fetchOpened(path: string): void {
  void PARTS.find(({ of }) => of.test(path))
    ?.part.load()
    .catch(() => undefined);
}

/** Who reads a shared chat need be nobody here: that page asks nothing of the session. */
export function Routes() {
  const [isShared, params] = useRoute("/s/:token");
  return (
    <>
      {isShared && params ? <LazyShared token={params.token} /> : <OwnRoutes />}
      <LazyToasts />
    </>
  );
}

function OwnRoutes() {
  const user = useSession().data?.user;
  const renewSession = useRenewedSession();
  const refreshCourses = useRefreshedCourses();
  const onStored = (document: StudyDocument) => {
    renewSession();
    if (document.course_id) void refreshCourses();
  };
  useIdentityOfOtherTabs();
  const [isAccount] = useRoute(ROUTES.account);
  const [isAccountPage] = useRoute(`${ROUTES.account}/:page`);
  return (
    <UploadsProvider accountId={user && !user.is_guest ? user.id : null} onStored={onStored}>
      {/* A guest who signs in is somebody else to the gateway: that one's feed is another connection. */}
      <LiveFeed key={user && !user.is_guest ? user.id : "guest"} hasUser={Boolean(user)} />
      {isAccount || isAccountPage ? <LazyAccountRoutes /> : <ShellRoutes />}
      <PaletteHost />
      <LazyOfflineDesk />
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
  const [isSettings] = useRoute(ROUTES.settings);
  const [isConversation, params] = useRoute("/c/:id");
  const conversationId = params?.id ?? null;
  return (
    <Shell conversationId={conversationId} place={isLibrary ? "library" : isSettings ? "settings" : "chat"}>
      {isLibrary ? (
        <LazyLibrary />
      ) : isSettings ? (
        <LazySettings />
      ) : isHome || isConversation ? (
        <ChatPage conversationId={conversationId} />
      ) : (
        <NotFoundPage />
      )}
    </Shell>
  );
}

function LazyAccountRoutes() {
  const part = usePart(accountRoutes);
  return part.module ? <part.module.AccountRoutes /> : <Coming part={part} lines={[40, 100, 60, 100]} />;
}

function LazyLibrary() {
  const part = usePart(libraryPage);
  return part.module ? <part.module.LibraryPage /> : <Coming part={part} lines={[30, 100, 55, 30, 70, 30]} />;
}

function LazySettings() {
  const part = usePart(settingsPage);
  return part.module ? <part.module.SettingsPage /> : <Coming part={part} lines={[30, 60, 100, 60, 100]} />;
}

function LazyShared({ token }: { token: string }) {
  const part = usePart(sharedPage);
  return part.module ? (
    <part.module.SharedPage token={token} />
  ) : (
    <Coming part={part} lines={[30, 92, 86, 95]} />
  );
}

/** The shape of a page that is being fetched, or that its line was cut. */
function Coming({ part, lines }: { part: PartHandle<unknown>; lines: number[] }) {
  const t = useT();
  return (
    <div className={styles.loading}>
      {part.hasFailed ? (
        <PartFailed onRetry={part.retry} />
      ) : (
        <Skeleton label={t("common.loading")} lines={lines} />
      )}
    </div>
  );
}
