/** One of this browser's tabs does what one is enough for. Source: W3C Web Locks API. */
import { isAbort } from "@/lib/errors";
import { onceHidden } from "@/lib/visibility";
import { waitFor } from "@/lib/wait";

export interface Office {
  name: string;
  /** Whether only a tab that is seen should do it now: each of them, as where tabs cannot agree. */
  isForSeen?: () => boolean;
  /** What the leader does; it resolves once its signal has aborted. */
  work: (signal: AbortSignal) => Promise<void>;
  /** Ends the candidacy, and the work. */
  signal: AbortSignal;
}

/** Whether tabs can agree here: Web Locks are missing in old browsers, and on plain HTTP in a local network. */
export function canAgree(): boolean {
  return "locks" in navigator && typeof BroadcastChannel === "function";
}

/**
 * Do the work whenever no other tab does; when that tab closes, the browser hands it on.
 *
 * Where tabs cannot agree, each does it while it can be seen. Resolves when the signal aborts.
 */
export async function lead(office: Office): Promise<void> {
  while (!office.signal.aborted) {
    if (canAgree() && !office.isForSeen?.()) await lockedTerm(office, { signal: office.signal });
    else await seenTerm(office);
  }
}

/** Do the work now, whoever did it before: for a leader that does not answer, such as a tab the system has frozen. */
export async function takeOver(office: Office): Promise<void> {
  if (!office.signal.aborted) await lockedTerm(office, { steal: true });
}

async function lockedTerm({ name, work, signal }: Office, options: LockOptions): Promise<void> {
  const ended = linkedTo(signal);
  try {
    await navigator.locks.request(name, options, () => work(ended.signal));
  } catch (error) {
    // Another tab took it over, or the office was left.
    if (!isAbort(error)) throw error;
  } finally {
    ended.abort();
  }
}

async function seenTerm({ work, signal }: Office): Promise<void> {
  if (document.hidden) {
    await waitFor({ until: [[document, "visibilitychange"]], signal }).catch(() => undefined);
    return;
  }
  const ended = linkedTo(signal);
  const forget = onceHidden(0, () => ended.abort());
  try {
    await work(ended.signal);
  } finally {
    forget();
    ended.abort();
  }
}

function linkedTo(signal: AbortSignal): AbortController {
  const linked = new AbortController();
  signal.addEventListener("abort", () => linked.abort(), { signal: linked.signal });
  return linked;
}
