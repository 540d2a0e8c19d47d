import { type RefObject, useCallback, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ChatFooter } from "@/app/chat-footer";
import { ChatHeader } from "@/app/chat-header";
import styles from "@/app/chat-page.module.css";
import { LazySourcePanel } from "@/app/lazy-source-panel";
import type { Opened } from "@/app/source-panel";
import { type Chat, useChat } from "@/app/use-chat";
import { useChatCommands } from "@/app/use-chat-commands";
import { useFocusedComposer } from "@/app/use-focused-composer";
import { useSuggestions } from "@/app/use-suggestions";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { useAccount } from "@/features/accounts/api/get-session";
import { EmptyChat } from "@/features/chat/components/empty-chat";
import { MessageList } from "@/features/chat/components/message-list";
import { SpokenAnswer } from "@/features/chat/components/spoken-answer";
import { useSoughtMessage } from "@/features/chat/hooks/use-sought-message";
import { DocumentChip } from "@/features/documents/components/document-chip";
import { DropZone } from "@/features/documents/components/drop-zone";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import type { FilePart, SourcePart, StudyDocument } from "@/types/wire";

/** One conversation, or the beginning of one. */
export function ChatPage({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const chat = useChat(conversationId);
  const [source, setSource] = useState<{ opened: Opened; of: string | null } | null>(null);
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const pickerRef = useRef<HTMLInputElement>(null);
  useFocusedComposer(fieldRef, conversationId, chat.sending !== null);
  useChatCommands(chat.messages, fieldRef);
  const open = useCallback((opened: Opened) => setSource({ opened, of: conversationId }), [conversationId]);
  const isUnknown =
    isNotFound(chat.conversation.error) && chat.messages.length === 0 && chat.queued.length === 0;
  const title = chat.conversation.data?.title || chat.answer?.title || "";
  return (
    <div className={styles.page}>
      <title>{title ? `${title} – ${t("app.name")}` : t("app.name")}</title>
      <DropZone onFiles={chat.attachments.add}>
        <ChatHeader
          conversation={(conversationId && chat.conversation.data) || null}
          course={chat.course}
          hasNew={conversationId !== null}
        />
        <ChatBody
          chat={chat}
          conversationId={conversationId}
          fieldRef={fieldRef}
          onAddFile={() => pickerRef.current?.click()}
          onOpen={open}
        />
        {!isUnknown && (
          <ChatFooter chat={chat} isNew={conversationId === null} fieldRef={fieldRef} pickerRef={pickerRef} />
        )}
      </DropZone>
      {source && source.of === conversationId && (
        <LazySourcePanel
          opened={source.opened}
          onSelect={(selected) => "sources" in source.opened && open({ ...source.opened, selected })}
          onClose={() => setSource(null)}
        />
      )}
      <SpokenAnswer conversationId={conversationId} stream={chat.stream} />
    </div>
  );
}

interface ChatBodyProps {
  chat: Chat;
  conversationId: string | null;
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  onAddFile: () => void;
  onOpen: (opened: Opened) => void;
}

function ChatBody({ chat, conversationId, fieldRef, onAddFile, onOpen }: ChatBodyProps) {
  const t = useT();
  const { conversation, messages, answer } = chat;
  const { fetchNextPage } = conversation;
  const onOlder = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const soughtId = useSoughtMessage(conversation, messages, chat.actions.switchTo);
  const file = useFileChip(conversation.data?.documents, answer?.documents, onOpen);
  const onPassages = useCallback(
    (sources: SourcePart[], selected: number) => onOpen({ sources, selected }),
    [onOpen],
  );
  if (messages.length > 0) {
    return (
      <MessageList
        listId={conversationId}
        messages={messages}
        hasOlder={conversation.hasNextPage}
        isLoadingOlder={conversation.isFetchingNextPage}
        isOlderFailed={conversation.isFetchNextPageError}
        onOlder={onOlder}
        soughtId={soughtId}
        stream={chat.stream}
        file={file}
        onPassages={onPassages}
        actions={chat.actions}
        maxChars={chat.limits.message_max_chars}
        isBusy={chat.isBusy}
        sendingId={chat.sending?.message.trigger === "submit" ? chat.sending.message.clientMessageId : null}
      />
    );
  }
  // It begins with what waits below.
  if (chat.queued.length > 0) return <div className={styles.loading} />;
  if (conversationId && conversation.isError) return <ConversationFailed chat={chat} />;
  if (conversationId && conversation.isPending) {
    return (
      <div className={styles.loading}>
        <Skeleton label={t("common.loading")} lines={[45, 92, 86, 95, 60]} />
      </div>
    );
  }
  return <Beginning {...{ chat, fieldRef, onAddFile }} />;
}

function Beginning({ chat, fieldRef, onAddFile }: Pick<ChatBodyProps, "chat" | "fieldRef" | "onAddFile">) {
  const { texts, take } = useSuggestions(chat, fieldRef);
  return (
    <EmptyChat isWeakModel={chat.isWeakModel} suggestions={texts} onAddFile={onAddFile} onSuggest={take} />
  );
}

function ConversationFailed({ chat: { conversation } }: { chat: Chat }) {
  const t = useT();
  const errorText = useErrorText();
  const [location, navigate] = useLocation();
  const isSignedIn = useAccount() !== null;
  if (isNotFound(conversation.error)) {
    return (
      <div className={styles.message}>
        <p>{t(isSignedIn ? "chat.notFound" : "chat.notFoundSignedOut")}</p>
        {!isSignedIn && (
          <Button tone="primary" onClick={() => navigate(ROUTES.logInFor(location))}>
            {t("chat.logIn")}
          </Button>
        )}
        <Button onClick={() => navigate(ROUTES.home)}>{t("list.new")}</Button>
      </div>
    );
  }
  return (
    <div className={styles.message}>
      <Notice
        tone="danger"
        action={<Button onClick={() => void conversation.refetch()}>{t("common.retry")}</Button>}
      >
        {t("chat.failed")}{" "}
        {conversation.error instanceof ConnectionLost ? t("offline.notKept") : errorText(conversation.error)}
      </Notice>
    </div>
  );
}

/** Not there, somebody else's, or an address that can be nobody's. */
function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && [404, 422].includes(error.problem.status);
}

/** Shows a message's file with what was read of it, from the conversation or from the answer's first frame. */
function useFileChip(
  stored: StudyDocument[] | undefined,
  fresh: StudyDocument[] | undefined,
  onOpen: (opened: Opened) => void,
) {
  return useCallback(
    ({ document_id: id, filename }: FilePart) => {
      const known = [...(stored ?? []), ...(fresh ?? [])].find((document) => document.id === id) ?? null;
      const place = { documentId: id, filename, page: 1, quote: null };
      return <DocumentChip id={id} filename={filename} known={known} onOpen={() => onOpen({ place })} />;
    },
    [stored, fresh, onOpen],
  );
}
