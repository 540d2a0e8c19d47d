import { type ReactNode, useCallback, useRef, useState } from "react";
import { ReauthenticationNeeded } from "@/features/accounts/api/auth-client";
import { ReauthenticationDialog } from "@/features/accounts/components/reauthentication-dialog";
import { type Guard, GuardContext } from "@/features/accounts/hooks/use-reauthentication";
import type { Flow } from "@/features/accounts/types";

interface Question {
  flows: Flow[];
  answered: Promise<void>;
  onShown: () => void;
  onCancel: () => void;
}

/** Asks once more who is here when the server wants to know, and then repeats what was asked for. */
export function Reauthentication({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const open = useRef<Question | null>(null);
  const guard = useCallback<Guard>(async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReauthenticationNeeded)) throw error;
      // Two calls at once ask one question.
      open.current ??= questionOf(error.flows);
      setQuestion(open.current);
      try {
        await open.current.answered;
      } finally {
        open.current = null;
        setQuestion(null);
      }
      return work();
    }
  }, []);
  return (
    <GuardContext value={guard}>
      {children}
      {question && <ReauthenticationDialog {...question} />}
    </GuardContext>
  );
}

function questionOf(flows: Flow[]): Question {
  let onShown = () => {};
  let onCancel = () => {};
  const answered = new Promise<void>((resolve, reject) => {
    onShown = resolve;
    onCancel = () => reject(new DOMException("It was not shown again who is here.", "AbortError"));
  });
  return { flows, answered, onShown, onCancel };
}
