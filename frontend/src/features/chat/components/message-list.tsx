import { ArrowDown } from "lucide-react";
import { memo, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { MessageChunk } from "@/features/chat/components/message-chunk";
import { type ListContext, MessageItem } from "@/features/chat/components/message-item";
import styles from "@/features/chat/components/message-list.module.css";
import { useFollowScroll } from "@/features/chat/hooks/use-follow-scroll";
import { chunksOf } from "@/features/chat/state/chunks";
import { Nearby } from "@/features/chat/state/nearby";
import { placeOf, type VisibleMessage } from "@/features/chat/state/visible-messages";
import type { ModelChoice } from "@/features/chat/types";
import { useT } from "@/i18n/language";

/** What can be done with the messages of a conversation. */
export interface MessageActions {
  /** Have a question answered whose answer is not whole. */
  retry: (question: VisibleMessage) => void;
  /** Have another answer made beside this one. */
  again: (answer: VisibleMessage) => void;
  /** Go on with an answer that is not whole, with this model; null leaves that to the server. */
  goOn: (answer: VisibleMessage, choice: ModelChoice | null) => void;
  /** Ask a question another way, beside the earlier one. */
  edit: (question: VisibleMessage, text: string) => void;
  /** Show another version of a message. */
  switchTo: (messageId: string) => void;
  /** Go on reading an answer that rests here. */
  resume: () => void;
}

interface MessageListProps extends ListContext {
  listId: string | null;
  messages: VisibleMessage[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** Earlier ones could not be fetched: they come when somebody asks for them. */
  isOlderFailed: boolean;
  onOlder: () => void;
  /** The message that somebody came for, if any. */
  soughtId: string | null;
  /** The client id of the message that is on its way. */
  sendingId: string | null;
}

/** As many as fill a screen. */
const NEAR_AT_ONCE = 4;

/** The messages of a conversation; not drawn again while one types, nor for each word of an answer. */
export const MessageList = memo(function MessageList(props: MessageListProps) {
  const t = useT();
  const { listId, messages, sendingId, soughtId, hasOlder, isLoadingOlder, onOlder, actions } = props;
  const wantsOlder = hasOlder && !isLoadingOlder && !props.isOlderFailed;
  const { frame, content, isAtEnd, toEnd, hold, show } = useFollowScroll(listId, wantsOlder ? onOlder : null);
  const nearby = useNearby(frame);
  useLayoutEffect(() => {
    // Who asks wants to see the answer.
    if (sendingId !== null) toEnd();
  }, [sendingId, toEnd]);
  useSought(content, soughtId, messages, show);
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
          {hasOlder && (
            <Button tone="quiet" disabled={isLoadingOlder} onClick={onOlder}>
              {t("chat.older")}
            </Button>
          )}
          <Messages {...props} nearby={nearby} onSwitch={onSwitch} />
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
});

interface MessagesProps extends MessageListProps {
  nearby: Nearby;
  onSwitch: (messageId: string, place: Element) => void;
}

function Messages({ messages, sendingId, soughtId, nearby, onSwitch, ...props }: MessagesProps) {
  const { file, onPassages, actions, maxChars, isBusy, stream } = props;
  const firsts = useFirsts(messages);
  const lastQuestion = messages.findLast(({ role }) => role === "user");
  const items = messages.map((message, index) => (
    <MessageItem
      key={placeOf(message)}
      message={message}
      question={index === messages.length - 1 && !isBusy ? questionOf(messages, index) : null}
      isLastQuestion={message === lastQuestion}
      isSending={sendingId !== null && message.client_message_id === sendingId}
      isSought={message.id === soughtId}
      startsNear={index >= messages.length - NEAR_AT_ONCE}
      {...{ file, onPassages, actions, maxChars, isBusy, stream, nearby, onSwitch }}
    />
  ));
  return chunksOf(messages, items, firsts).map((chunk) => (
    <MessageChunk key={chunk.key} messages={chunk.messages}>
      {chunk.items}
    </MessageChunk>
  ));
}

/** The places that were the first of the list, now or before. */
function useFirsts(messages: VisibleMessage[]): ReadonlySet<string> {
  const [firsts] = useState(() => new Set<string>());
  const [first] = messages;
  if (first) firsts.add(placeOf(first));
  return firsts;
}

/** The question that the answer at `index` belongs to, if it can be asked again without becoming a second one. */
function questionOf(messages: VisibleMessage[], index: number): VisibleMessage | null {
  const question = messages[index - 1];
  return question?.role === "user" && question.client_message_id ? question : null;
}

function useNearby(frame: RefObject<HTMLElement | null>): Nearby {
  const [nearby] = useState(() => new Nearby());
  useEffect(() => (frame.current ? nearby.open(frame.current) : undefined), [nearby, frame]);
  return nearby;
}

/** Show the message that somebody came for, once it is here. */
function useSought(
  content: RefObject<HTMLElement | null>,
  soughtId: string | null,
  messages: VisibleMessage[],
  show: (item: HTMLElement) => void,
): void {
  const shown = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (soughtId === shown.current) return;
    const isHere = messages.some(({ id }) => id === soughtId);
    const item = isHere ? content.current?.querySelector<HTMLElement>(`[data-message="${soughtId}"]`) : null;
    if (soughtId && !item) return;
    shown.current = soughtId;
    if (item) show(item);
  }, [content, soughtId, messages, show]);
}
