import { SquarePen } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { useLocation } from "wouter";
import { ChatFooter } from "@/app/chat-footer";
import styles from "@/app/chat-page.module.css";
import { type OpenPassages, PassagesPanel } from "@/app/passages-panel";
import { type Chat, useChat } from "@/app/use-chat";
import { useFocusedComposer } from "@/app/use-focused-composer";
import { Button, IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { ChatTitle } from "@/features/chat/components/chat-title";
import { EmptyChat } from "@/features/chat/components/empty-chat";
import { MessageList } from "@/features/chat/components/message-list";
import { useSpokenAnswer } from "@/features/chat/hooks/use-spoken-answer";
import { DocumentChip } from "@/features/documents/components/document-chip";
import { DropZone } from "@/features/documents/components/drop-zone";
import { useErrorText } from "@/hooks/use-error-text";
import { PHONE, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";
import { ApiProblem } from "@/lib/errors";
import type { FilePart, SourcePart, StudyDocument } from "@/types/wire";

/** One conversation, or the beginning of one. */
export function ChatPage({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const chat = useChat(conversationId);
  const spoken = useSpokenAnswer(chat.answer);
  const [passages, setPassages] = useState<(OpenPassages & { of: string | null }) | null>(null);
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const pickerRef = useRef<HTMLInputElement>(null);
  useFocusedComposer(fieldRef, conversationId, chat.sending !== null);
  const showPassages = useCallback(
    (shown: SourcePart[], selected: number | null) =>
      setPassages({ passages: shown, selected, of: conversationId }),
    [conversationId],
  );
  const isUnknown = isNotFound(chat.conversation.error) && chat.messages.length === 0;
  const title = chat.conversation.data?.title || chat.answer?.title || "";
  return (
    <div className={styles.page}>
      <title>{title ? `${title} – ${t("app.name")}` : t("app.name")}</title>
      <DropZone onFiles={chat.attachments.add}>
        <ChatHeader
          conversation={conversationId && chat.conversation.data ? { id: conversationId, title } : null}
          hasNew={conversationId !== null}
        />
        <ChatBody
          chat={chat}
          conversationId={conversationId}
          onAddFile={() => pickerRef.current?.click()}
          onPassages={showPassages}
        />
        {!isUnknown && <ChatFooter chat={chat} fieldRef={fieldRef} pickerRef={pickerRef} />}
      </DropZone>
      {passages?.of === conversationId && <PassagesPanel open={passages} onClose={() => setPassages(null)} />}
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
}

interface ChatHeaderProps {
  conversation: { id: string; title: string } | null;
  /** Whether a new chat would be another page than this one. */
  hasNew: boolean;
}

function ChatHeader({ conversation, hasNew }: ChatHeaderProps) {
  const t = useT();
  const isPhone = useMediaQuery(PHONE);
  const [, navigate] = useLocation();
  return (
    <header className={styles.header}>
      <ChatTitle conversation={conversation} />
      {isPhone && hasNew && (
        <IconButton
          label={t("list.new")}
          icon={<SquarePen aria-hidden />}
          onClick={() => navigate(ROUTES.home)}
        />
      )}
    </header>
  );
}

interface ChatBodyProps {
  chat: Chat;
  conversationId: string | null;
  onAddFile: () => void;
  onPassages: (passages: SourcePart[], selected: number | null) => void;
}

function ChatBody({ chat, conversationId, onAddFile, onPassages }: ChatBodyProps) {
  const t = useT();
  const { conversation, messages, answer } = chat;
  const file = useFileChip(conversation.data?.documents, answer?.documents);
  if (messages.length > 0) {
    return (
      <MessageList
        listId={conversationId}
        messages={messages}
        hasOlder={conversation.hasNextPage}
        isLoadingOlder={conversation.isFetchingNextPage}
        onOlder={() => void conversation.fetchNextPage()}
        file={file}
        onPassages={onPassages}
        actions={chat.actions}
        maxChars={chat.limits.message_max_chars}
        isBusy={chat.isBusy}
        sendingId={chat.sending?.message.trigger === "submit" ? chat.sending.message.clientMessageId : null}
      />
    );
  }
  if (conversationId && conversation.isError) return <ConversationFailed chat={chat} />;
  if (conversationId && conversation.isPending) {
    return (
      <div className={styles.loading}>
        <Skeleton label={t("common.loading")} lines={[45, 92, 86, 95, 60]} />
      </div>
    );
  }
  return <EmptyChat isWeakModel={chat.isWeakModel} onAddFile={onAddFile} />;
}

function ConversationFailed({ chat: { conversation } }: { chat: Chat }) {
  const t = useT();
  const errorText = useErrorText();
  const [, navigate] = useLocation();
  if (isNotFound(conversation.error)) {
    return (
      <div className={styles.message}>
        <p>{t("chat.notFound")}</p>
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
        {t("chat.failed")} {errorText(conversation.error)}
      </Notice>
    </div>
  );
}

/** Not there, somebody else's, or an address that can be nobody's. */
function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && [404, 422].includes(error.problem.status);
}

/** Shows a message's file with what was read of it, from the conversation or from the answer's first frame. */
function useFileChip(stored: StudyDocument[] | undefined, fresh: StudyDocument[] | undefined) {
  return useCallback(
    (part: FilePart) => {
      const document = [...(stored ?? []), ...(fresh ?? [])].find(({ id }) => id === part.document_id);
      return <DocumentChip filename={part.filename} document={document ?? null} />;
    },
    [stored, fresh],
  );
}
