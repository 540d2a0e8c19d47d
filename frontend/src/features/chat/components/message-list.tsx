import { ArrowDown } from "lucide-react";
import { memo, type ReactNode, useCallback } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { AssistantMessage } from "@/features/chat/components/assistant-message";
import styles from "@/features/chat/components/message-list.module.css";
import { UserMessage } from "@/features/chat/components/user-message";
import { useFollowScroll } from "@/features/chat/hooks/use-follow-scroll";
import { placeOf, type VisibleMessage } from "@/features/chat/state/visible-messages";
import { useT } from "@/i18n/language";
import type { FilePart, SourcePart } from "@/types/wire";

/** What can be done with the messages of a conversation. */
export interface MessageActions {
  /** Have a question answered whose answer is not whole. */
  retry: (question: VisibleMessage) => void;
  /** Have another answer made beside this one. */
  again: (answer: VisibleMessage) => void;
  /** Ask a question another way, beside the earlier one. */
  edit: (question: VisibleMessage, text: string) => void;
  /** Show another version of a message. */
  switchTo: (messageId: string) => void;
  /** Go on reading an answer that rests here. */
  resume: () => void;
}

interface MessageListProps {
  listId: string | null;
  messages: VisibleMessage[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  onOlder: () => void;
  file: (part: FilePart) => ReactNode;
  onPassages: (sources: SourcePart[], index: number) => void;
  actions: MessageActions;
  maxChars: number;
  /** An answer is being asked for or written: nothing else can be. */
  isBusy: boolean;
  /** The client id of the message that is on its way. */
  sendingId: string | null;
}

export function MessageList(props: MessageListProps) {
  const t = useT();
  const { listId, messages, file, onPassages, actions, maxChars, isBusy, sendingId } = props;
  const [first] = messages;
  const { frame, content, isAtEnd, toEnd, hold } = useFollowScroll(listId, first && placeOf(first));
  const onSwitch = useCallback(
    (messageId: string, place: Element) => {
      hold(place);
      actions.switchTo(messageId);
    },
    [actions, hold],
  );
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
              key={placeOf(message)}
              message={message}
              question={index === messages.length - 1 && !isBusy ? questionOf(messages, index) : null}
              isSending={sendingId !== null && message.client_message_id === sendingId}
              {...{ file, onPassages, actions, maxChars, isBusy, onSwitch }}
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

interface ItemProps
  extends Pick<MessageListProps, "file" | "onPassages" | "actions" | "maxChars" | "isBusy"> {
  message: VisibleMessage;
  /** The question of the last answer, which can be asked again. */
  question: VisibleMessage | null;
  isSending: boolean;
  onSwitch: (messageId: string, place: Element) => void;
}

const Item = memo(
  function Item({ message, question, actions, ...rest }: ItemProps) {
    if (message.role === "user") {
      return <UserMessage message={message} onEdit={(text) => actions.edit(message, text)} {...rest} />;
    }
    return (
      <AssistantMessage
        message={message}
        onPassages={rest.onPassages}
        onRetry={question && (() => actions.retry(question))}
        onAgain={rest.isBusy || message.live ? null : () => actions.again(message)}
        onResume={actions.resume}
        onSwitch={rest.onSwitch}
      />
    );
  },
  ({ message, question, ...before }, { message: nextMessage, question: nextQuestion, ...next }) =>
    isSame(message, nextMessage) &&
    question?.id === nextQuestion?.id &&
    Object.entries(before).every(([name, value]) => value === next[name as keyof typeof next]),
);

/** Of a stored message only the feedback changes, and the list is made anew with each token: only what differs is drawn again. */
function isSame(before: VisibleMessage, next: VisibleMessage): boolean {
  return (
    before.id === next.id &&
    before.live === next.live &&
    before.state === next.state &&
    before.text === next.text &&
    before.feedback?.updated_at === next.feedback?.updated_at &&
    before.parts.length === next.parts.length &&
    before.siblings.index === next.siblings.index &&
    before.siblings.ids.length === next.siblings.ids.length
  );
}
