import { type ReactNode, useState } from "react";
import styles from "@/features/chat/components/message-list.module.css";
import { estimatedHeight } from "@/features/chat/state/estimated-height";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";

/** Neighbouring messages: while they are out of sight, nothing of them is laid out or painted. */
export function MessageChunk({ messages, children }: { messages: VisibleMessage[]; children: ReactNode }) {
  // Until the browser has measured it once.
  const [height] = useState(() => messages.reduce((sum, { text }) => sum + estimatedHeight(text), 0));
  return (
    <div className={styles.chunk} style={{ containIntrinsicBlockSize: `auto ${height}px` }}>
      {children}
    </div>
  );
}
