import { useEffect, useRef, useSyncExternalStore } from "react";
import type { CommandName } from "@/config/shortcuts";
import { Listeners } from "@/lib/listeners";

type Run = () => void;

let offered: ReadonlyMap<CommandName, Run> = new Map();
const listeners = new Listeners();

function change(next: Map<CommandName, Run>): void {
  offered = next;
  listeners.tell();
}

/**
 * Offers a command for as long as the component is there: to its shortcut, and to the palette.
 *
 * So a key reaches what knows how to obey it, wherever in the page that is. Null offers nothing.
 */
export function useCommand(name: CommandName, run: Run | null): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const isOffered = run !== null;
  useEffect(() => {
    if (!isOffered) return undefined;
    const runLatest = () => latest.current?.();
    change(new Map(offered).set(name, runLatest));
    return () => {
      if (offered.get(name) !== runLatest) return;
      const next = new Map(offered);
      next.delete(name);
      change(next);
    };
  }, [name, isOffered]);
}

/** What can be done now, by name. */
export function useOfferedCommands(): ReadonlyMap<CommandName, Run> {
  return useSyncExternalStore(listeners.add, () => offered);
}

/** Do it, if somebody offers it; false when nobody does. */
export function runCommand(name: CommandName): boolean {
  const run = offered.get(name);
  run?.();
  return run !== undefined;
}
