import { ArrowDown } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { AssistantMessage } from "@/features/chat/components/assistant-message";
import styles from "@/features/chat/components/message-list.module.css";
import { UserMessage } from "@/features/chat/components/user-message";
import { useFollowScroll } from "@/features/chat/hooks/use-follow-scroll";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useT } from "@/i18n/language";
import type { FilePart, SourcePart } from "@/types/wire";

interface MessageListProps {
  listId: string | null;
  messages: VisibleMessage[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  onOlder: () => void;
  file: (part: FilePart) => ReactNode;
  onPassages: (passages: SourcePart[], selected: number | null) => void;
  /** Ask the same question again; offered on the last answer only. */
  onRetry: (question: VisibleMessage) => void;
  isBusy: boolean;
}

export function MessageList(props: MessageListProps) {
  const t = useT();
  const { listId, messages, file, onPassages, onRetry, isBusy } = props;
  const { frame, content, isAtEnd, toEnd } = useFollowScroll(listId, messages[0]?.id);
  return (
    <div className={styles.place}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section ref={frame} className={styles.frame} aria-label={t("chat.messages")} tabIndex={0}>
        <div ref={content} className={styles.column}>
          {props.hasOlder && (
            <Button tone="quiet" disabled={props.isLoadingOlder} onClick={props.onOlder}>
              {t("chat.older")}
            </Button>
          )}
          {messages.map((message, index) => (
            <Item
              key={message.id}
              message={message}
              file={file}
              onPassages={onPassages}
              onRetry={onRetry}
              question={index === messages.length - 1 && !isBusy ? questionOf(messages, index) : null}
            />
          ))}
        </div>
      </section>
      {!isAtEnd && (
        <IconButton
          tone="plain"
          className={styles.toEnd ?? ""}
          label={t("chat.toEnd")}
          icon={<ArrowDown aria-hidden />}
          onClick={toEnd}
        />
      )}
    </div>
  );
}

/** The question that the answer at `index` belongs to, if it can be asked again without becoming a second one. */
function questionOf(messages: VisibleMessage[], index: number): VisibleMessage | null {
  const question = messages[index - 1];
  return question?.role === "user" && question.client_message_id ? question : null;
}

interface ItemProps extends Pick<MessageListProps, "file" | "onPassages" | "onRetry"> {
  message: VisibleMessage;
  question: VisibleMessage | null;
}

const Item = memo(
  function Item({ message, question, file, onPassages, onRetry }: ItemProps) {
    if (message.role === "user") return <UserMessage message={message} file={file} />;
    return (
      <AssistantMessage
        message={message}
        onPassages={onPassages}
        onRetry={question && (() => onRetry(question))}
      />
    );
  },
  // A stored message never changes, and the list is made anew with each token: only what differs is drawn again.
  (before, after) =>
    before.message.id === after.message.id &&
    before.message.live === after.message.live &&
    before.message.state === after.message.state &&
    before.message.text === after.message.text &&
    before.message.parts.length === after.message.parts.length &&
    before.question?.id === after.question?.id &&
    before.file === after.file &&
    before.onPassages === after.onPassages &&
    before.onRetry === after.onRetry,
);
