import { memo, type ReactNode, useRef } from "react";
import { AssistantMessage } from "@/features/chat/components/assistant-message";
import type { MessageActions } from "@/features/chat/components/message-list";
import styles from "@/features/chat/components/message-list.module.css";
import { UserMessage } from "@/features/chat/components/user-message";
import { useGrownMessage } from "@/features/chat/hooks/use-live-answer";
import { useNearness } from "@/features/chat/hooks/use-nearness";
import type { AnswerStream } from "@/features/chat/state/answer-stream";
import { estimatedHeight } from "@/features/chat/state/estimated-height";
import type { Nearby } from "@/features/chat/state/nearby";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useT } from "@/i18n/language";
import type { FilePart, SourcePart } from "@/types/wire";

/** What all items of a list share; the same objects from one render to the next. */
export interface ListContext {
  file: (part: FilePart) => ReactNode;
  onPassages: (sources: SourcePart[], index: number) => void;
  actions: MessageActions;
  maxChars: number;
  /** An answer is being asked for or written: nothing else can be. */
  isBusy: boolean;
  stream: AnswerStream;
}

interface MessageItemProps extends ListContext {
  message: VisibleMessage;
  /** The question of the last answer, which can be asked again. */
  question: VisibleMessage | null;
  isLastQuestion: boolean;
  isSending: boolean;
  /** Somebody came to this page for it. */
  isSought: boolean;
  /** It is drawn in full from the beginning. */
  startsNear: boolean;
  nearby: Nearby;
  onSwitch: (messageId: string, place: Element) => void;
}

/** A message in its place: in full near what is seen, elsewhere its text alone, in the room that it takes. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { isSought, startsNear, nearby, stream, ...rest } = props;
  const message = useGrownMessage(rest.message, stream);
  const place = useRef<HTMLDivElement>(null);
  const { isNear, height } = useNearness(place, nearby, startsNear);
  return (
    <div
      ref={place}
      className={isSought ? `${styles.item} ${styles.sought}` : styles.item}
      data-message={message.id}
      tabIndex={isSought ? -1 : undefined}
    >
      {isNear || isSought || message.live ? (
        <FullMessage {...rest} message={message} />
      ) : (
        <DistantMessage message={message} height={height ?? estimatedHeight(message.text)} />
      )}
    </div>
  );
});

type FullMessageProps = Omit<MessageItemProps, "isSought" | "startsNear" | "nearby" | "stream">;

function FullMessage({ message, question, actions, ...rest }: FullMessageProps) {
  if (message.role === "user") {
    return <UserMessage message={message} onEdit={(text) => actions.edit(message, text)} {...rest} />;
  }
  return (
    <AssistantMessage
      message={message}
      onPassages={rest.onPassages}
      onRetry={question && (() => actions.retry(question))}
      onContinue={question && ((choice) => actions.goOn(message, choice))}
      onAgain={rest.isBusy || message.live ? null : () => actions.again(message)}
      onResume={actions.resume}
      onSwitch={rest.onSwitch}
    />
  );
}

/** So that the browser's search and a screen reader find it all the same. */
function DistantMessage({ message: { role, text }, height }: { message: VisibleMessage; height: number }) {
  const t = useT();
  return (
    <article className={styles.distant} style={{ blockSize: height }}>
      <h2 className="visually-hidden">{t(role === "user" ? "chat.you" : "chat.assistant")}</h2>
      <p dir="auto">{text}</p>
    </article>
  );
}
