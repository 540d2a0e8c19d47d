import { LEADER_SILENCE_MS } from "@/config/limits";
import { readLiveFeed } from "@/features/chat/api/live-feed";
import { type LiveEvent, type LiveState, liveReducer, NOTHING_LIVE } from "@/features/chat/state/live-feed";
import { savesData } from "@/lib/data-saver";
import { canAgree, lead, type Office, takeOver } from "@/lib/leader";

const NAME = "lamla.live";

/** What tabs say to each other: a new one asks for the state, somebody has become known, what the feed told. */
type Word = { kind: "ask" } | { kind: "wake" } | { kind: "told"; event: LiveEvent };

/**
 * The live feed in this tab: one tab of the browser is connected and tells the others.
 *
 * HTTP/1.1 allows six connections for all tabs together, and streams of answers need theirs.
 */
export class SharedFeed {
  #state = NOTHING_LIVE;
  #channel: BroadcastChannel | null = null;
  #office: Office | null = null;
  #isCandidate = false;
  #isLeading = false;
  #waker = new EventTarget();
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onChange: (state: LiveState, event: LiveEvent, before: LiveState) => void) {}

  /** Listen to the leading tab. Returns how to leave. */
  join(): () => void {
    const here = new AbortController();
    const channel = canAgree() ? new BroadcastChannel(NAME) : null;
    this.#channel = channel;
    this.#office = {
      name: NAME,
      isForSeen: savesData,
      work: (signal) => this.#lead(signal),
      signal: here.signal,
    };
    channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => this.#hear(data));
    const onSeen = () => !document.hidden && this.#ask();
    document.addEventListener("visibilitychange", onSeen);
    this.#ask();
    return () => {
      document.removeEventListener("visibilitychange", onSeen);
      clearTimeout(this.#silence);
      here.abort();
      channel?.close();
      this.#channel = null;
      this.#office = null;
      this.#isCandidate = false;
    };
  }

  /** The visitor has a user now: there is something to be told, in all tabs. */
  wake(): void {
    this.#say({ kind: "wake" });
    this.#wake();
  }

  #wake(): void {
    this.#waker.dispatchEvent(new Event("wake"));
    if (this.#isCandidate || !this.#office) return;
    this.#isCandidate = true;
    void lead(this.#office);
    this.#ask();
  }

  async #lead(signal: AbortSignal): Promise<void> {
    clearTimeout(this.#silence);
    this.#isLeading = true;
    const onEvent = (event: LiveEvent) => {
      this.#apply(event);
      this.#say({ kind: "told", event });
    };
    // What happened since the last leader is gone was told to nobody.
    if (this.#state.line === "open") onEvent({ type: "lost" });
    await readLiveFeed({ onEvent, waker: this.#waker, signal });
    this.#isLeading = false;
  }

  /** Ask the leader for the state; one that keeps silent is replaced, if somebody sees this tab. */
  #ask(): void {
    if (this.#isLeading) return;
    this.#say({ kind: "ask" });
    clearTimeout(this.#silence);
    if (!this.#isCandidate || !this.#channel) return;
    this.#silence = setTimeout(() => {
      if (this.#office && !this.#isLeading && !document.hidden) void takeOver(this.#office);
    }, LEADER_SILENCE_MS);
  }

  #hear(word: Word): void {
    if (word.kind === "wake") this.#wake();
    else if (word.kind === "told") {
      clearTimeout(this.#silence);
      this.#apply(word.event);
    } else if (this.#isLeading) this.#say({ kind: "told", event: presentState(this.#state) });
  }

  #say(word: Word): void {
    this.#channel?.postMessage(word);
  }

  #apply(event: LiveEvent): void {
    const before = this.#state;
    this.#state = liveReducer(before, event);
    this.onChange(this.#state, event, before);
  }
}

/** The event that brings a tab that knows nothing to this state. */
function presentState({ line, answering }: LiveState): LiveEvent {
  return line === "open" ? { type: "answering", conversations: Object.values(answering) } : { type: "lost" };
}
