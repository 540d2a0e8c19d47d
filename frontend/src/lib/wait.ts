/** One of the things that end a wait early: an event of this name, at this target. */
export type Interruption = readonly [target: EventTarget, event: string];

/**
 * Wait for `ms`, or without it for as long as it takes, until one of the events happens.
 *
 * Raises: the signal's reason.
 */
export function waitFor({
  ms,
  until,
  signal,
}: {
  ms?: number;
  until: readonly Interruption[];
  signal: AbortSignal;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const ends: readonly Interruption[] = [...until, [signal, "abort"]];
    const end = () => {
      clearTimeout(timer);
      for (const [target, event] of ends) target.removeEventListener(event, end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = ms === undefined ? undefined : setTimeout(end, ms);
    for (const [target, event] of ends) target.addEventListener(event, end);
    if (signal.aborted) end();
  });
}

/** A little more or less than `ms`, so that a restarted gateway is not met by everybody at once. */
export function noisy(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}
