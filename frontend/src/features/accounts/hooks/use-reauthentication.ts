import { createContext, useContext } from "react";

/** Run what may ask again who is here: it is repeated once that has been shown. Raises: AbortError when it is not. */
export type Guard = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const GuardContext = createContext<Guard>((work) => work());

export function useGuard(): Guard {
  return useContext(GuardContext);
}
