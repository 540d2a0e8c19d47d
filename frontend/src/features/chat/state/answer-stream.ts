import { followAnswer } from "@/features/chat/api/follow-answer";
import { sendMessage } from "@/features/chat/api/send-message";
import { stopAnswer } from "@/features/chat/api/stop-answer";
import { readAnswer } from "@/features/chat/state/read-answer";
import { EMPTY_ANSWER, isFinal, streamReducer } from "@/features/chat/state/stream-reducer";
import type { ChatEvent, LineEvent, LiveAnswer, Prompt, Question } from "@/features/chat/types";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import { Listeners } from "@/lib/listeners";

export interface StreamState {
  /** A prompt that the server has not confirmed yet. */
  sending: { message: Prompt } | null;
  question: Question | null;
  answer: LiveAnswer | null;
  /** Why the last call failed; with the prompt that can be sent again. */
  failure: { error: unknown; message: Prompt | null } | null;
}

export interface StreamListener {
  /** The prompt is committed: its text is safe with the server. */
  onStarted: (conversationId: string, clientMessageId: string | null) => void;
  /** The answer has ended; resolves to whether its message is now among the stored ones. */
  onEnded: (conversationId: string, messageId: string | null) => Promise<boolean>;
  /** There is nothing to follow; resolves to the answer that is running all the same, null when none is. */
  onGone: (conversationId: string) => Promise<string | null>;
}

const IDLE: StreamState = { sending: null, question: null, answer: null, failure: null };

/**
 * Owns the one answer that this page reads: sends, follows, stops, and paints at most once per frame.
 *
 * Who draws the text itself listens to that; all else follows the outline, which text alone does not change.
 */
export class AnswerStream {
  #state = IDLE;
  #outline = IDLE;
  #listeners = new Listeners();
  #textListeners = new Listeners();
  #reader: AbortController | null = null;
  #paint = 0;
  #isStopWanted = false;
  /** The id of the last frame that was applied. */
  #lastEventId: string | null = null;
  #waker = new EventTarget();
  #lastReadId: string | null = null;

  constructor(private readonly listener: StreamListener) {}

  readonly subscribe = this.#listeners.add;

  /** The state after the last change that was more than text: what `subscribe` tells of. */
  readonly outline = (): StreamState => this.#outline;

  readonly subscribeToText = this.#textListeners.add;

  readonly snapshot = (): StreamState => this.#state;

  get isBusy(): boolean {
    const { sending, answer } = this.#state;
    return sending !== null || (answer !== null && !isFinal(answer));
  }

  /** The generation that was read to its end last. */
  get lastReadId(): string | null {
    return this.#lastReadId;
  }

  /** Send a prompt and read its answer. What goes wrong before the server has it is left in `failure`. */
  async send(message: Prompt): Promise<void> {
    const reader = this.#begin();
    this.#set({ ...this.#state, sending: { message }, failure: null });
    try {
      const first = await sendMessage(message, reader.signal);
      await this.#read(first, reader);
    } catch (error) {
      if (this.#reader === reader) this.#fail(error, message);
    }
  }

  /** Read an answer that is already being written: from its first frame, or on from where its line was lost. */
  async follow(conversationId: string): Promise<void> {
    const { answer, failure } = this.#state;
    const isHeld = answer?.conversationId === conversationId && !isFinal(answer);
    const lastEventId = isHeld ? this.#lastEventId : null;
    const reader = this.#begin();
    this.#lastEventId = lastEventId;
    if (isHeld) this.#set({ ...this.#state, failure: null });
    else this.#set({ ...IDLE, failure, answer: { ...EMPTY_ANSWER, conversationId } });
    try {
      await this.#read(null, reader);
    } catch (error) {
      if (this.#reader === reader) this.#set({ ...this.#state, failure: { error, message: null } });
    }
  }

  /** Go on reading at once, if that waits for the line or for somebody to look, or was given up. */
  resume(): void {
    this.#waker.dispatchEvent(new Event("wake"));
    this.followLost();
  }

  /** Go on reading an answer whose line was given up. */
  followLost(): void {
    const { answer, failure } = this.#state;
    const isLost = failure?.message === null && failure.error instanceof ConnectionLost;
    if (isLost && answer?.conversationId && !isFinal(answer)) void this.follow(answer.conversationId);
  }

  /** Stop the answer; a prompt that is still on its way is stopped as soon as it has arrived, or at once if asked again. */
  async stop(): Promise<void> {
    const { sending, answer } = this.#state;
    if (sending) {
      const isTakenBack = this.#isStopWanted;
      this.#isStopWanted = true;
      if (isTakenBack) this.leave();
      return;
    }
    const conversationId = answer?.conversationId;
    if (!conversationId) return;
    const reader = this.#reader;
    try {
      await stopAnswer(conversationId);
      if (this.#reader !== reader || !this.isBusy) return;
      this.#dispatch({ type: "abort" });
      reader?.abort();
      await this.#end();
    } catch (error) {
      this.#set({ ...this.#state, failure: { error, message: null } });
    }
  }

  /** Stop reading; the server goes on writing. */
  leave(): void {
    this.#begin();
    this.#reader = null;
    this.#set(IDLE);
  }

  forgetFailure(): void {
    if (this.#state.failure) this.#set({ ...this.#state, failure: null });
  }

  #begin(): AbortController {
    this.#reader?.abort();
    this.#reader = new AbortController();
    this.#isStopWanted = false;
    this.#lastEventId = null;
    return this.#reader;
  }

  async #read(first: Response | null, reader: AbortController): Promise<void> {
    await readAnswer({
      first,
      canFollow: () => this.#state.sending === null && this.#state.answer !== null,
      follow: (signal) => this.#follow(signal),
      isRunning: () => this.#isRunning(),
      dispatch: (event, id) => {
        if (this.#reader !== reader) return;
        this.#lastEventId = id ?? this.#lastEventId;
        this.#dispatch(event);
      },
      waker: this.#waker,
      signal: reader.signal,
    });
    if (this.#reader === reader) await this.#end();
  }

  #follow(signal: AbortSignal): Promise<Response | null> {
    const { conversationId = null, generationId = null } = this.#state.answer ?? {};
    const lastEventId = this.#lastEventId;
    const place = lastEventId && generationId ? { lastEventId, generationId } : null;
    return followAnswer(conversationId ?? "", { place, signal });
  }

  /** Whether something can be followed soon: this answer, or the one that took its place. */
  async #isRunning(): Promise<boolean> {
    const { conversationId = null, generationId = null } = this.#state.answer ?? {};
    const runningId = await this.listener.onGone(conversationId ?? "");
    if (runningId !== generationId) this.#lastEventId = null;
    return runningId !== null;
  }

  async #end(): Promise<void> {
    const { answer } = this.#state;
    const reader = this.#reader;
    if (!answer?.conversationId) return;
    this.#lastReadId = answer.generationId;
    const isStored = await this.listener.onEnded(answer.conversationId, answer.messageId);
    if (this.#reader !== reader) return;
    // An answer that never said how it ended is known to the server alone.
    if (isStored || !isFinal(answer)) this.#set({ ...IDLE, failure: this.#state.failure });
  }

  #dispatch(event: ChatEvent | LineEvent): void {
    const { sending, question, answer } = this.#state;
    const next = streamReducer(answer ?? EMPTY_ANSWER, event);
    if (event.type !== "start") {
      // Before its start an answer has nothing to show; a cut there is a prompt that was not confirmed.
      if (answer) this.#set({ ...this.#state, answer: next }, { isPainting: isDelta(event) });
      return;
    }
    this.#set({
      ...this.#state,
      answer: next,
      sending: null,
      question: sending ? questionOf(sending.message) : question,
    });
    this.listener.onStarted(event.conversationId, sending && clientMessageIdOf(sending.message));
    if (this.#isStopWanted) void this.stop();
  }

  #fail(error: unknown, message: Prompt): void {
    if (!this.#state.sending) {
      this.#set({ ...this.#state, failure: { error, message: null } });
      return;
    }
    const problem = error instanceof ApiProblem ? error.problem : null;
    if (problem?.conversation_id && problem.user_message_id) {
      this.#failCommitted(message, problem.conversation_id, problem.user_message_id, problem);
      return;
    }
    this.#set({ ...this.#state, sending: null, failure: { error, message } });
    if (problem?.code === "generation_running" && message.conversationId)
      void this.follow(message.conversationId);
  }

  /** The server has the prompt and could not begin the answer: shown as a failed answer, with its own retry. */
  #failCommitted(
    message: Prompt,
    conversationId: string,
    userMessageId: string,
    problem: { code: string; detail: string },
  ): void {
    const answer: LiveAnswer = { ...EMPTY_ANSWER, phase: "failed", conversationId, userMessageId, problem };
    this.#set({ ...this.#state, sending: null, question: questionOf(message), answer });
    this.listener.onStarted(conversationId, clientMessageIdOf(message));
    void this.listener.onEnded(conversationId, null);
  }

  #set(state: StreamState, { isPainting = false } = {}): void {
    this.#state = state;
    if (isPainting) {
      this.#paint ||= requestAnimationFrame(() => this.#paintText());
      return;
    }
    this.#outline = state;
    this.#listeners.tell();
    this.#paintText();
  }

  #paintText(): void {
    cancelAnimationFrame(this.#paint);
    this.#paint = 0;
    this.#textListeners.tell();
  }
}

function isDelta(event: ChatEvent | LineEvent): boolean {
  return event.type === "text-delta" || event.type === "reasoning-delta";
}

function clientMessageIdOf(prompt: Prompt): string | null {
  return prompt.trigger === "submit" ? prompt.clientMessageId : null;
}

/** What stands above the answer; when an answer is made again, that is there already. */
function questionOf(prompt: Prompt): Question | null {
  if (prompt.trigger !== "submit") return null;
  const { clientMessageId, text, files } = prompt;
  return { clientMessageId, text, files };
}
