import { spokenSentences } from "@/features/chat/state/spoken-sentences";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { LiveAnswer } from "@/features/chat/types";

/** A screen reader may drop what is replaced before it was said. */
const BETWEEN_ANNOUNCEMENTS_MS = 1_500;

/** What is said beside the answer's own words. */
export interface SpokenFrame {
  beginning: string;
  ending: string;
}

/**
 * Says a growing answer in whole sentences, each once, in order, and not too often.
 *
 * It goes on after the answer has ended, and its stored message has taken its place, until all is said.
 */
export class Speaker {
  #say: (text: string) => void;
  #answer: LiveAnswer | null = null;
  #next = 0;
  /** The text of the answer before: one that goes on with it begins so, and that was said. */
  #before = "";
  #saidAt = Number.NEGATIVE_INFINITY;
  #hasEnded = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** The answer as it is now; null when none is being written here any more. */
  hear(answer: LiveAnswer | null, frame: SpokenFrame): void {
    if (!answer?.messageId) return;
    if (answer.messageId !== this.#answer?.messageId) {
      this.#before = this.#answer?.text ?? "";
      this.#next = 0;
      this.#hasEnded = false;
      this.#announce(frame.beginning);
    }
    this.#answer = answer;
    this.#speakWhenDue(frame);
  }

  /** Say nothing more: another conversation is open. */
  hush(): void {
    clearTimeout(this.#timer);
    this.#hasEnded = true;
    this.#answer = null;
  }

  #speakWhenDue(frame: SpokenFrame): void {
    clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    const waitMs = this.#saidAt + BETWEEN_ANNOUNCEMENTS_MS - Date.now();
    this.#timer = setTimeout(() => this.#speak(frame), Math.max(0, waitMs));
  }

  #speak({ ending }: SpokenFrame): void {
    const answer = this.#answer;
    if (!answer) return;
    this.#hasEnded = isFinal(answer);
    if (answer.text.startsWith(this.#before)) this.#next = Math.max(this.#next, this.#before.length);
    else if (!this.#hasEnded && this.#before.startsWith(answer.text)) return;
    const { spoken, next } = spokenSentences(answer.text, this.#next, this.#hasEnded);
    this.#next = next;
    // How else it ended, its notice says.
    const last = answer.phase === "complete" ? ending : "";
    const text = [spoken, last].filter(Boolean).join(" ");
    if (text) this.#announce(text);
  }

  #announce(text: string): void {
    this.#saidAt = Date.now();
    this.#say(text);
  }
}
