import { useEffect, useState } from "react";

/** A piece of the page that is fetched when it is needed. */
export interface Part<Module> {
  /** What it is, once it is here. */
  readonly module: Module | null;
  /** Fetch it; of one that is on its way, or here, the same promise. Rejects when the line is cut. */
  load: () => Promise<Module>;
}

export interface PartHandle<Module> {
  module: Module | null;
  hasFailed: boolean;
  retry: () => void;
}

/** A part by its `import()`; a fetch that failed can be begun again. */
export function partOf<Module>(fetchModule: () => Promise<Module>): Part<Module> {
  let module: Module | null = null;
  let coming: Promise<Module> | null = null;
  return {
    get module() {
      return module;
    },
    load: () => {
      coming ??= fetchModule().then(
        (fetched) => {
          module = fetched;
          return fetched;
        },
        (error: unknown) => {
          coming = null;
          throw error;
        },
      );
      return coming;
    },
  };
}

/** Fetches the part with the first render; without Suspense, as a cut line is told where the part would stand. */
export function usePart<Module>(part: Part<Module>): PartHandle<Module> {
  const [module, setModule] = useState(() => part.module);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt fetches
  useEffect(() => {
    if (module) return undefined;
    let isGone = false;
    part.load().then(
      (loaded) => isGone || setModule(() => loaded),
      () => isGone || setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [part, module, attempt]);
  return {
    module,
    hasFailed,
    retry: () => {
      setFailed(false);
      setAttempt((count) => count + 1);
    },
  };
}
