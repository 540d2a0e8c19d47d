import { useEffect, useRef } from "react";
import { DELIVERY_BACKOFF_MS } from "@/config/limits";
import { type Delivery, deliverQueue, hasDeliverable } from "@/features/chat/state/delivery";
import { subscribeToOutbox } from "@/features/chat/state/outbox";
import { noisy, waitFor } from "@/lib/wait";

/** Send what waits whenever that may work: with the line, with a new message, and from time to time. */
export function useDelivery({ accountId, onDelivered }: Omit<Delivery, "signal">): void {
  const listener = useRef(onDelivered);
  useEffect(() => {
    listener.current = onDelivered;
  });
  useEffect(() => {
    const here = new AbortController();
    const changes = new EventTarget();
    const leave = subscribeToOutbox(() => changes.dispatchEvent(new Event("change")));
    const delivery: Delivery = {
      accountId,
      onDelivered: (message, conversationId) => listener.current(message, conversationId),
      signal: here.signal,
    };
    void deliverFor(delivery, changes).catch(() => undefined);
    return () => {
      leave();
      here.abort();
    };
  }, [accountId]);
}

/** Until the signal aborts, which rejects. */
async function deliverFor(delivery: Delivery, changes: EventTarget): Promise<never> {
  const { signal } = delivery;
  const woken = [
    [window, "online"],
    [document, "visibilitychange"],
    [changes, "change"],
  ] as const;
  for (let failures = 0; ; ) {
    if (hasDeliverable(delivery.accountId)) await deliverQueue(delivery);
    failures = hasDeliverable(delivery.accountId) ? failures + 1 : 0;
    const pauseMs = DELIVERY_BACKOFF_MS[Math.min(failures, DELIVERY_BACKOFF_MS.length) - 1];
    await waitFor({ ...(pauseMs === undefined ? {} : { ms: noisy(pauseMs) }), until: woken, signal });
  }
}
