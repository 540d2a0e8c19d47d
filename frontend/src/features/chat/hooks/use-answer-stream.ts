import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { KEYS } from "@/features/chat/api/query-keys";
import { AnswerStream, type StreamState } from "@/features/chat/state/answer-stream";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { Conversation } from "@/types/wire";

interface Options {
  conversationId: string | null;
  /** The id of an answer that the server is writing in this conversation. */
  runningId: string | null;
  onStarted: (conversationId: string, clientMessageId: string | null) => void;
}

export interface AnswerStreamHandle extends StreamState {
  stream: AnswerStream;
  isBusy: boolean;
}

/** The answer of the open conversation: followed when one is running, left when the reader goes elsewhere. */
export function useAnswerStream({ conversationId, runningId, onStarted }: Options): AnswerStreamHandle {
  const client = useQueryClient();
  const started = useRef(onStarted);
  useEffect(() => {
    started.current = onStarted;
  }, [onStarted]);
  const [stream] = useState(
    () =>
      new AnswerStream({
        onStarted: (id, clientMessageId) => {
          started.current(id, clientMessageId);
          void client.invalidateQueries({ queryKey: KEYS.list });
        },
        onEnded: async (id, messageId) => {
          void client.invalidateQueries({ queryKey: KEYS.list });
          await client.refetchQueries({ queryKey: KEYS.conversation(id), exact: true });
          return isStored(client.getQueryData(KEYS.conversation(id)), messageId);
        },
      }),
  );
  const state = useSyncExternalStore(stream.subscribe, stream.snapshot);
  useLeaving(stream, conversationId);
  useFollowing(stream, conversationId, runningId);
  return { ...state, stream, isBusy: stream.isBusy };
}

function isStored(data: { pages: Conversation[] } | undefined, messageId: string | null): boolean {
  return data?.pages.some(({ messages }) => messages.some(({ id }) => id === messageId)) ?? false;
}

/** Let go of an answer that belongs to another conversation than the open one. */
function useLeaving(stream: AnswerStream, conversationId: string | null): void {
  useEffect(() => {
    const { answer, sending, failure } = stream.snapshot();
    const owner = answer?.conversationId ?? sending?.message.conversationId ?? null;
    if ((answer || sending || failure) && owner !== conversationId) stream.leave();
  }, [stream, conversationId]);
  useEffect(() => () => stream.leave(), [stream]);
}

/** Read the answer that the server says is running, once; how it ended is then in the conversation. */
function useFollowing(stream: AnswerStream, conversationId: string | null, runningId: string | null): void {
  const followed = useRef<string | null>(null);
  useEffect(() => {
    if (!conversationId || !runningId || runningId === followed.current) return;
    const { answer, sending } = stream.snapshot();
    if (sending || (answer?.conversationId === conversationId && !isFinal(answer))) return;
    followed.current = runningId;
    void stream.follow(conversationId);
  }, [stream, conversationId, runningId]);
}
