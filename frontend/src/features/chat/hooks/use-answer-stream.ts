import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { KEYS } from "@/features/chat/api/query-keys";
import { useLive } from "@/features/chat/hooks/use-live-feed";
import { noteEnd, noteStart } from "@/features/chat/state/answer-bytes";
import { AnswerStream, type StreamState } from "@/features/chat/state/answer-stream";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { Conversation } from "@/types/wire";

interface Options {
  conversationId: string | null;
  /** The answer that was being written in this conversation when that was fetched; undefined until then. */
  runningId: string | null | undefined;
  onStarted: (conversationId: string, clientMessageId: string | null) => void;
}

/** The outline of the answer: its growing text is told by the stream alone. */
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
          noteStart();
          started.current(id, clientMessageId);
          void client.invalidateQueries({ queryKey: KEYS.lists });
        },
        onEnded: async (id, messageId) => {
          noteEnd(messageId);
          void client.invalidateQueries({ queryKey: KEYS.lists });
          await refetch(client, id);
          const pages = conversationIn(client, id)?.pages ?? [];
          return pages.some(({ messages }) => messages.some((message) => message.id === messageId));
        },
        onGone: async (id) => {
          await refetch(client, id, { throwOnError: true });
          return conversationIn(client, id)?.pages[0]?.generation?.id ?? null;
        },
      }),
  );
  const state = useSyncExternalStore(stream.subscribe, stream.outline);
  useLeaving(stream, conversationId);
  useFollowing(stream, conversationId, runningId ?? null);
  useStartedElsewhere(stream, { conversationId, runningId, isSending: state.sending !== null });
  useEndedElsewhere(stream, conversationId);
  useReturning(stream);
  return { ...state, stream, isBusy: stream.isBusy };
}

/** What is on its way already may be older than what this is asked for. */
async function refetch(
  client: QueryClient,
  id: string | null,
  options = { throwOnError: false },
): Promise<void> {
  const query = { queryKey: KEYS.conversation(id), exact: true };
  await client.cancelQueries(query);
  await client.refetchQueries(query, options);
}

function conversationIn(client: QueryClient, id: string): InfiniteData<Conversation> | undefined {
  return client.getQueryData(KEYS.conversation(id));
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
    // The conversation may have been fetched before the end that is known here by now.
    const isKnown = stream.snapshot().answer?.generationId === runningId;
    if (isKnown || isReading(stream, conversationId)) return;
    followed.current = runningId;
    void stream.follow(conversationId);
  }, [stream, conversationId, runningId]);
}

/** Whether an answer of this conversation is being asked for or read here. */
function isReading(stream: AnswerStream, conversationId: string): boolean {
  const { answer, sending } = stream.snapshot();
  return sending !== null || (answer?.conversationId === conversationId && !isFinal(answer));
}

/** Fetch the conversation when an answer began in it that is not read here: asked for in another tab, or device. */
function useStartedElsewhere(
  stream: AnswerStream,
  { conversationId, runningId, isSending }: Omit<Options, "onStarted"> & { isSending: boolean },
): void {
  const client = useQueryClient();
  const { answering } = useLive();
  const startedId = conversationId ? answering[conversationId]?.generationId : undefined;
  useEffect(() => {
    if (!conversationId || !startedId || runningId === undefined || startedId === runningId) return;
    if (!isSending && !isReading(stream, conversationId)) void refetch(client, conversationId);
  }, [client, stream, conversationId, startedId, runningId, isSending]);
}

/** Fetch the conversation when an answer has ended in it, unless that is known here. */
function useEndedElsewhere(stream: AnswerStream, conversationId: string | null): void {
  const client = useQueryClient();
  const { ended } = useLive();
  const endedId = conversationId ? ended[conversationId] : undefined;
  const seen = useRef({ conversationId, endedId });
  useEffect(() => {
    const before = seen.current;
    seen.current = { conversationId, endedId };
    const isNews = before.conversationId === conversationId && before.endedId !== endedId;
    if (!conversationId || !isNews || stream.lastReadId === endedId) return;
    if (isReading(stream, conversationId)) stream.resume();
    else void refetch(client, conversationId);
  }, [client, stream, conversationId, endedId]);
}

/** Take up an answer whose line was given up when the network is back, or somebody looks. */
function useReturning(stream: AnswerStream): void {
  useEffect(() => {
    const onReturn = () => {
      if (!document.hidden) stream.followLost();
    };
    window.addEventListener("online", onReturn);
    document.addEventListener("visibilitychange", onReturn);
    return () => {
      window.removeEventListener("online", onReturn);
      document.removeEventListener("visibilitychange", onReturn);
    };
  }, [stream]);
}
