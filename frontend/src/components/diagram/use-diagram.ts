import { useEffect, useState } from "react";
import { DrawFailure, drawDiagram } from "@/components/diagram/draw";
import type { DrawProblem } from "@/components/diagram/messages";
import { useIsDark } from "@/hooks/use-is-dark";

interface Drawing {
  /** The address of the picture, once it is drawn. */
  picture: string | null;
  problem: DrawProblem | null;
}

const NOTHING: Drawing = { picture: null, problem: null };

/** The picture of a diagram while it is wanted, in the colours of the page. */
export function useDiagram(source: string, isWanted: boolean): Drawing {
  const isDark = useIsDark();
  const [drawing, setDrawing] = useState(NOTHING);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isGone = false;
    let picture: string | null = null;
    drawDiagram({ source, isDark }).then(
      (blob) => {
        if (isGone) return;
        picture = URL.createObjectURL(blob);
        setDrawing({ picture, problem: null });
      },
      (error: unknown) => {
        const problem = error instanceof DrawFailure ? error.problem : "line";
        if (!isGone) setDrawing({ picture: null, problem });
      },
    );
    return () => {
      isGone = true;
      setDrawing(NOTHING);
      if (picture) URL.revokeObjectURL(picture);
    };
  }, [source, isDark, isWanted]);
  return drawing;
}
